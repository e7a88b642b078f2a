package org.likelihood4j.benchmarks.work;

import java.util.OptionalDouble;
import org.likelihood4j.engine.Optimizer;
import org.likelihood4j.engine.UpdateRule;

/**
 * Adam with the shipped configurations' numbers, plain or between clipping and a moving average.
 *
 * @param full whether the gradient is clipped and an average of the parameters kept
 */
public record Update(boolean full) {
    public static final double LEARNING_RATE = 1e-3;
    public static final double CLIP_NORM = 100;
    public static final double EMA_DECAY = 0.99;

    public static Optimizer.Adam adam() {
        return Optimizer.Adam.standard();
    }

    public UpdateRule rule() {
        return full
                ? new UpdateRule(adam(), OptionalDouble.of(CLIP_NORM), OptionalDouble.of(EMA_DECAY))
                : UpdateRule.of(adam());
    }
}
