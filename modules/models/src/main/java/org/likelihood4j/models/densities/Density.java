package org.likelihood4j.models.densities;

import org.likelihood4j.models.EventShape;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A distribution over events {@code [N, size]} inside a graph, factorised over examples. Its own
 * parameters, if any, are variables of the same graph.
 */
public interface Density {
    /** What it is a distribution of. */
    EventShape shape();

    /** {@code log p(x) [N]} in nats, for {@code x [N, size]}. */
    SDVariable logProb(SDVariable x);

    /**
     * A draw {@code [N, size]}, a deterministic function of noise of the distribution named in the
     * implementing class: N(0, 1) for the Gaussians, so that gradients pass through
     * (reparameterisation), uniform for discrete ones.
     */
    SDVariable sample(SDVariable noise);
}
