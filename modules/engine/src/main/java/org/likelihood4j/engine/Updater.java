package org.likelihood4j.engine;

/** Applies an {@link UpdateRule} to a vector of parameters, from a vector that holds their gradient. */
public interface Updater {
    /** The gradient's 2-norm. */
    double norm();

    /** One update from a finite gradient whose 2-norm is {@code norm}; the gradient stays as it is. */
    void apply(double norm, double learningRate);

    /** The optimiser's memory, live. */
    OptimizerState state();
}
