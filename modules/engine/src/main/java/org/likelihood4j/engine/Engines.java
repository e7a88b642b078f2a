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

    /** What trainings on the processor use. */
    public static Engine best() {
        return best(Devices.cpu());
    }

    /** What trainings on a device use: the engine that compiles each graph to one static program. */
    public static Engine best(Device device) {
        return PROVIDERS.stream()
                .flatMap(provider -> provider.engine(device).stream())
                .findFirst()
                .orElseThrow();
    }

    /** The best engine whose products {@linkplain Device#tf32 round their factors}; empty where the device has no instructions for that. */
    public static Optional<Engine> tf32(Device device) {
        return PROVIDERS.stream()
                .flatMap(provider -> provider.tf32(device).stream())
                .findFirst();
    }

    /** What trainings on the processor use in mixed precision. */
    public static Optional<Engine> mixed() {
        return mixed(Devices.cpu());
    }

    /**
     * The best engine in mixed precision, for float32 graphs: where its device gains by it, products and convolutions multiply
     * bfloat16s; their sums, and all else, are float32. Empty where the device has no instructions for that.
     */
    public static Optional<Engine> mixed(Device device) {
        return PROVIDERS.stream()
                .flatMap(provider -> provider.mixed(device).stream())
                .findFirst();
    }

    /** The engine that runs SameDiff's own session on the processor: simple, correct, the oracle that faster ones are held against. */
    public static Engine reference() {
        return named("reference");
    }

    private static Engine named(String name) {
        return PROVIDERS.stream()
                .filter(provider -> provider.name().equals(name))
                .flatMap(provider -> provider.engine(Devices.cpu()).stream())
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("no engine named " + name + " on the class path"));
    }
}
