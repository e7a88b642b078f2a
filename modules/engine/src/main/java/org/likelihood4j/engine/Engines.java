package org.likelihood4j.engine;

import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;

/** The engines of this process. */
public final class Engines {
    private static final List<EngineProvider> PROVIDERS = Services.found(EngineProvider.class).stream()
            .sorted(Comparator.comparingInt(EngineProvider::priority).reversed())
            .toList();

    private Engines() {}

    /**
     * What trainings use: the engine that compiles each graph to one static program, or where no {@link Device} holds ND4J's arrays,
     * as with its CUDA backend, {@link #reference}.
     */
    public static Engine best() {
        return PROVIDERS.stream()
                .flatMap(provider -> provider.engine().stream())
                .findFirst()
                .orElseThrow();
    }

    /** The engine that runs SameDiff's own session: simple, correct, the oracle that faster ones are held against. */
    public static Engine reference() {
        return named("reference");
    }

    private static Engine named(String name) {
        return PROVIDERS.stream()
                .filter(provider -> provider.name().equals(name))
                .flatMap(provider -> provider.engine().stream())
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("no engine named " + name + " on the class path"));
    }
}
