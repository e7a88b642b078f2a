package org.likelihood4j.engine;

import java.util.Optional;

/** Applies an {@link UpdateRule} to a vector of parameters, from a vector that holds their gradient. */
public interface Updater {
    /** Makes the gradient's 2-norm, or begins to: what is asked for between this and {@link #norm} need not be waited for on its own. */
    void measure();

    /** The norm that was made last. */
    double norm();

    /** One update from the finite gradient whose norm was made last; the gradient stays as it is. */
    void apply(double learningRate);

    /**
     * Whole steps on inputs from the sources that a program is fed from, with their updates.
     *
     * @param program that leaves the gradient, of the same device, and is fed
     * @return empty where a step cannot begin before the host has read the one before it
     */
    default Optional<StepQueue> queue(PlanProgram program) {
        return Optional.empty();
    }

    /** Waits until updates are done that were begun. */
    default void await() {}

    /** The optimiser's memory, live. */
    OptimizerState state();
}
