package org.likelihood4j.models.densities;

import org.likelihood4j.models.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Independent binary pixels with {@code P(x = 1) = sigmoid(logits)}, logits {@code [N, size]}. Its noise is uniform on [0,
 * 1).
 *
 * <p>For x strictly between 0 and 1 {@link #logProb} is a cross-entropy and not the log of a probability.
 */
public record Bernoulli(GraphBuilder g, int size, SDVariable logits) implements Density {
    /** {@code sum of x logits - log(1 + exp(logits))}. */
    @Override
    public SDVariable logProb(SDVariable x) {
        return g.sumPerExample(x.mul(logits).sub(g.softplus(logits)), size);
    }

    @Override
    public SDVariable sample(SDVariable noise) {
        return g.sameDiff().lt(noise, mean()).castTo(g.type());
    }

    /** {@code P(x = 1) [N, size]}. */
    public SDVariable mean() {
        return g.sameDiff().nn().sigmoid(logits);
    }
}
