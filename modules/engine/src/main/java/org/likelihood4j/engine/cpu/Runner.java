package org.likelihood4j.engine.cpu;

/** A kernel bound to its memory. */
@FunctionalInterface
interface Runner {
    void run();

    /** Frees what it has made for itself; it will not run again. */
    default void close() {}
}
