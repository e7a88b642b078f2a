package org.likelihood4j.engine.cpu;

/** A kernel bound to its memory. */
@FunctionalInterface
interface Runner {
    void run();
}
