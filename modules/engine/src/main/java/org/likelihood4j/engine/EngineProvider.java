package org.likelihood4j.engine;

import java.util.Optional;

/** The door of an engine: found by {@link java.util.ServiceLoader}, so that a jar on the class path brings one. */
public interface EngineProvider {
    /** What configurations call it. */
    String name();

    /** Of the engines that can run, the one with the highest is the best. */
    int priority();

    /** The engine; empty where it cannot run in this process. */
    Optional<Engine> engine();

    /** The engine in {@link Engines#mixed mixed precision}; empty where it has none. */
    default Optional<Engine> mixed() {
        return Optional.empty();
    }
}
