package org.likelihood4j.engine.compiled;

import java.util.List;
import java.util.Optional;
import org.likelihood4j.engine.Explanation;
import org.likelihood4j.engine.InputSource;
import org.likelihood4j.engine.StepFeed;
import org.likelihood4j.engine.StepQueue;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.engine.Updater;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A computation that can run again and again; what it computes stays inside until it is read. */
interface Body extends AutoCloseable {
    /** Runs on inputs of the declared types and shapes, in the declared order. */
    void run(List<INDArray> inputs);

    /** Whether {@link #run(StepFeed)} may be called from now on: see {@link TrainingProgram#feed}. */
    default boolean feed(List<InputSource> sources) {
        return false;
    }

    /** Runs on inputs from the sources of {@link #feed}. */
    default void run(StepFeed feed) {
        throw new IllegalStateException("this program is not fed");
    }

    /** Whole steps: see {@link Updater#queue}. */
    default Optional<StepQueue> queue(Updater updater) {
        return Optional.empty();
    }

    /** How many numbers an output has. */
    int size(int output);

    /** Reads an output. */
    void read(int output, double[] values);

    /** A fresh copy of an output. */
    INDArray copy(int output);

    /** Runs and times itself; empty where there are no kernels to tell of. */
    default Optional<Explanation> explain(List<INDArray> inputs, int runs, double updateMicroseconds) {
        return Optional.empty();
    }

    @Override
    void close();
}
