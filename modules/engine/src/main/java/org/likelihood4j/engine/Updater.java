package org.likelihood4j.engine;

/** Applies an {@link UpdateRule} to a vector of parameters, from a vector that holds their gradient. */
public interface Updater {
    /** Makes the gradient's 2-norm, or begins to: what is asked for between this and {@link #norm} need not be waited for on its own. */
    void measure();

    /** The norm that was made last. */
    double norm();

    /** One update from the finite gradient whose norm was made last; the gradient stays as it is. */
    void apply(double learningRate);

    /** Waits until updates are done that were begun. */
    default void await() {}

    /** The optimiser's memory, live. */
    OptimizerState state();
}
