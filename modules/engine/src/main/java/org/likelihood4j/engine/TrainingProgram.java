package org.likelihood4j.engine;

import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A compiled loss with its gradient and the optimiser's update of the parameters in place. One thread at a time.
 */
public interface TrainingProgram extends AutoCloseable {
    /**
     * Loss, metrics and gradient of one batch, without an update. The gradient is left in {@link #gradient()}.
     *
     * @param inputs in the declared order
     */
    StepResult evaluate(List<INDArray> inputs);

    /**
     * Clipping, update, weight decay and moving average, from what {@link #gradient()} holds now: the last evaluation's gradient,
     * or what the caller has made of it, such as its mean over machines.
     *
     * @param learningRate this update's; the schedule belongs to the caller
     * @return the gradient's global 2-norm before clipping: where it is not finite nothing was updated
     */
    double update(double learningRate);

    /**
     * One optimiser step: {@link #evaluate}, then {@link #update}. If the loss or the gradient's norm is not finite nothing is
     * updated, so that the parameters stay the last good ones; {@link StepResult#finite()} tells.
     *
     * @param learningRate this step's; the schedule belongs to the caller
     */
    StepResult step(double learningRate, List<INDArray> inputs);

    /**
     * Says where all inputs come from from now on, so that steps need not hand them over.
     *
     * @param sources in the declared order of the inputs; not read where false is returned
     * @return whether the device makes them itself, so that {@link #steps} may be called; false where it reads the process's own memory
     *     anyway, or has no room
     */
    default boolean feed(List<InputSource> sources) {
        return false;
    }

    /**
     * Optimiser steps on inputs from the sources of {@link #feed}, one behind the other, each by the rule of {@link #step}. A device may begin
     * one before the host has read the one before it.
     *
     * @param steps at least one
     * @return what the steps that were taken report: the first one's, or those of more, which have arrays of their own; none follows one
     *     whose numbers are not finite
     */
    default List<StepResult> steps(List<StepQueue.Step> steps) {
        throw new IllegalStateException("this program is not fed");
    }

    /**
     * Takes some steps with a learning rate of 0 and tells what ran, and how long each part took.
     *
     * @param runs how often; medians are told
     * @return empty where the engine does not plan this graph: the reference engine's, and float64
     */
    default Optional<Explanation> explain(List<INDArray> inputs, int runs) {
        return Optional.empty();
    }

    /** The last gradient, before clipping, with the parameters' slots; live, so that a caller may write another one. */
    FlatVector gradient();

    /** The vector that is being trained. */
    FlatVector parameters();

    /** The optimiser's memory, to be saved and restored: live vectors, not copies. */
    OptimizerState state();

    @Override
    void close();
}
