package org.likelihood4j.engine;

import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

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

    /**
     * The best engine in mixed precision, for float32 graphs: where its device gains by it, products and convolutions multiply
     * bfloat16s; their sums, and all else, are float32. Empty where the device has no instructions for that.
     */
    public static Optional<Engine> mixed() {
        return PROVIDERS.stream().flatMap(provider -> provider.mixed().stream()).findFirst();
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
