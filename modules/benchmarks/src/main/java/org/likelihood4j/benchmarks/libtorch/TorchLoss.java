package org.likelihood4j.benchmarks.libtorch;

/** Writes a model's loss in libtorch's operations. */
@FunctionalInterface
interface TorchLoss {
    /** Writes all statements but the last one, and gives that as an expression. */
    String write(TorchSource source);
}
