package org.likelihood4j.engine.reference;

import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.engine.Optimizer;
import org.likelihood4j.engine.OptimizerState;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.engine.UpdateRule;
import org.likelihood4j.engine.Updater;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.updaters.AdamUpdater;
import org.nd4j.linalg.factory.Nd4j;

/** Applies an {@link UpdateRule} with ND4J's own operations: the plain form that faster ones are held against. */
public final class LibraryUpdater implements Updater {
    private final UpdateRule rule;
    private final FlatVector parameters;
    private final FlatVector gradient;
    private final OptimizerState state;
    /** The clipped gradient, then the update itself: the raw gradient stays readable. */
    private final INDArray work;

    private double norm;

    public LibraryUpdater(UpdateRule rule, FlatVector parameters, FlatVector gradient) {
        this.rule = rule;
        this.parameters = parameters;
        this.gradient = gradient;
        this.state = new OptimizerState(rule, parameters);
        this.work = parameters.flat().ulike();
    }

    @Override
    public OptimizerState state() {
        return state;
    }

    /** In float64 where float32's sum of squares would overflow, so that only a truly bad gradient looks bad. */
    @Override
    public void measure() {
        norm = gradient.flat().norm2Number().doubleValue();
        if (Double.isInfinite(norm)) {
            double largest = gradient.flat().amaxNumber().doubleValue();
            try (INDArray scaled = gradient.flat().div(largest)) {
                norm = Double.isInfinite(largest)
                        ? norm
                        : largest * scaled.norm2Number().doubleValue();
            }
        }
    }

    @Override
    public double norm() {
        return norm;
    }

    @Override
    public void apply(double learningRate) {
        state.advance();
        work.assign(gradient.flat());
        if (rule.clipNorm().isPresent() && norm > rule.clipNorm().getAsDouble()) {
            work.muli(rule.clipNorm().getAsDouble() / norm);
        }
        decay(learningRate);
        if (rule.optimizer() instanceof Optimizer.Adam adam) {
            adam(adam, learningRate);
        } else if (rule.optimizer() instanceof Optimizer.Momentum momentum) {
            INDArray velocity = state.moment("momentum/v").flat();
            velocity.muli(momentum.momentum()).addi(work);
            work.assign(velocity).muli(learningRate);
        }
        parameters.flat().subi(work);
        average();
    }

    private void adam(Optimizer.Adam adam, double learningRate) {
        long t = state.steps();
        // ND4J's op computes lr * sqrt(1 - b2^t)/(1 - b1^t) * m / (sqrt(v) + e): its e is added to the uncorrected
        // sqrt(v), so the paper's epsilon is scaled by sqrt(1 - b2^t).
        double epsilon = adam.epsilon() * Math.sqrt(1 - Math.pow(adam.beta2(), (double) t));
        // The rate is applied afterwards: the op takes its epsilon for the rate where the rate is 0.
        // Past 2^31 steps both corrections are 1 to the last bit.
        int iteration = (int) Math.min(t - 1, Integer.MAX_VALUE - 1);
        Nd4j.exec(new AdamUpdater(
                work,
                state.moment("adam/v").flat(),
                state.moment("adam/m").flat(),
                1,
                adam.beta1(),
                adam.beta2(),
                epsilon,
                iteration));
        work.muli(learningRate);
    }

    private void decay(double learningRate) {
        double weightDecay = rule.optimizer().weightDecay();
        if (weightDecay > 0) {
            for (Slot slot : parameters.slots()) {
                if (slot.decay()) {
                    parameters.view(slot.name()).muli(1 - learningRate * weightDecay);
                }
            }
        }
    }

    private void average() {
        if (rule.emaDecay().isPresent()) {
            double t = state.steps();
            double d = Math.min(rule.emaDecay().getAsDouble(), t / (t + 9));
            work.assign(parameters.flat()).muli(1 - d);
            state.ema().orElseThrow().flat().muli(d).addi(work);
        }
    }
}
