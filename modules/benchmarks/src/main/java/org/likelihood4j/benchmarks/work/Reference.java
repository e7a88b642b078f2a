package org.likelihood4j.benchmarks.work;

import java.util.function.IntFunction;

/** What every contender of a case is held against. */
public interface Reference extends AutoCloseable {
    /** Loss and gradient of one batch. */
    @SuppressWarnings("ArrayRecordComponent") // handed on as it is, never compared
    record Value(double loss, float[] gradient) {}

    /** The case's own weights. */
    float[] start();

    /** Batch 0 at these weights. */
    Value value(float[] weights);

    /** The weights after some steps from the case's own. */
    float[] trained(int steps);

    /** The case's own weights, batch 0. */
    default Value value() {
        return value(start());
    }

    /** Another contender's normal check: loss and gradient, and the weights after a few steps. */
    default void check(String who, Agreement agreement, double loss, float[] gradient, IntFunction<float[]> train) {
        Value expected = value();
        agreement.loss(who, expected.loss(), loss);
        agreement.gradient(who, expected.gradient(), gradient);
        int steps = 5;
        agreement.weights(who, start(), trained(steps), train.apply(steps));
    }

    @Override
    void close();
}
