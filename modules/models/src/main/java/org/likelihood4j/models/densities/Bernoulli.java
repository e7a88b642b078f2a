package org.likelihood4j.models.densities;

import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Independent binary pixels with {@code P(x = 1) = sigmoid(logits)}, logits {@code [N, size]}. Its
 * noise is uniform on [0, 1).
 *
 * <p>For x strictly between 0 and 1 {@link #logProbs} are a cross-entropy and not the log of a
 * probability.
 */
public record Bernoulli(GraphBuilder g, EventShape shape, SDVariable logits) implements FactorizedDensity {
    /** {@code x logits - log(1 + exp(logits))}. */
    @Override
    public SDVariable logProbs(SDVariable x) {
        return x.mul(logits).sub(StableOps.softplus(logits));
    }

    @Override
    public int parts() {
        return shape.size();
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
