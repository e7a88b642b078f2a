package org.likelihood4j.benchmarks;

import org.likelihood4j.engine.Engines;

/**
 * What every contender is held against: the reference engine in float64, whose gradients the project's own tests check. In float32 it would
 * itself be as far from the truth as the contenders are.
 */
final class Reference implements AutoCloseable {
    /** Loss and gradient of one batch. */
    @SuppressWarnings("ArrayRecordComponent") // handed on as it is, never compared
    record Value(double loss, float[] gradient) {}

    private final Case theCase;
    private final Ours ours;

    Reference(Case theCase) {
        this.theCase = theCase;
        this.ours = new Ours("reference", Engines.reference(), theCase.precise());
    }

    /** The case's own weights, batch 0. */
    Value value() {
        return value(theCase.weights());
    }

    /** Batch 0 at other weights. */
    Value value(float[] weights) {
        ours.load(weights);
        double loss = ours.loss(0);
        return new Value(loss, ours.gradient());
    }

    /** The weights after some steps from the case's own. */
    float[] trained(int steps) {
        ours.reset();
        ours.run(Phase.STEP, steps);
        return ours.weights();
    }

    /** Another contender's normal check: loss and gradient, and the weights after a few steps. */
    void check(String who, double loss, float[] gradient, java.util.function.IntFunction<float[]> train) {
        Value expected = value();
        Agreement.loss(who, expected.loss(), loss);
        Agreement.gradient(who, expected.gradient(), gradient);
        int steps = 5;
        Agreement.weights(who, theCase.weights(), trained(steps), train.apply(steps));
    }

    @Override
    public void close() {
        ours.close();
    }
}
