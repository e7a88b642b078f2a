package org.likelihood4j.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** What jars bring. */
final class Services {
    private Services() {}

    /** All of a kind, each once: an application's server has its own jars in the thread's class loader only. */
    static <T> List<T> found(Class<T> kind) {
        Map<Class<?>, T> found = new LinkedHashMap<>();
        Stream.of(kind.getClassLoader(), Thread.currentThread().getContextClassLoader())
                .flatMap(loader -> ServiceLoader.load(kind, loader).stream())
                .forEach(provider -> found.computeIfAbsent(provider.type(), absent -> provider.get()));
        return new ArrayList<>(found.values());
    }
}
