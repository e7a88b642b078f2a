package org.likelihood4j.engine;

import java.util.Optional;

/** The door of an engine: found by {@link java.util.ServiceLoader}, so that a jar on the class path brings one. */
public interface EngineProvider {
    /** What configurations call it. */
    String name();

    /** Of the engines that can run, the one with the highest is the best. */
    int priority();

    /** The engine for a device that can be used; empty where it has none. */
    Optional<Engine> engine(Device device);

    /** The engine whose products {@link Device#tf32 round their factors}; empty where it has none. */
    default Optional<Engine> tf32(Device device) {
        return Optional.empty();
    }

    /** The engine in {@link Engines#mixed mixed precision}; empty where it has none. */
    default Optional<Engine> mixed(Device device) {
        return Optional.empty();
    }
}
