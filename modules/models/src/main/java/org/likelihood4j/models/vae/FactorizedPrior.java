package org.likelihood4j.models.vae;

import org.likelihood4j.models.densities.DiagonalGaussian;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A prior that is independent over dimensions and whose KL has a closed form. Since q is
 * independent over dimensions too, {@code KL(q || p) = sum over j of KL(q_j || p_j)}.
 */
public interface FactorizedPrior extends Prior {
    /** {@code KL(q_j || p_j) [N, latent]} in closed form, nats. */
    SDVariable klPerDimension(GraphBuilder g, DiagonalGaussian q);

    /**
     * {@code log q_j(z_j) - log p_j(z_j) [N, latent]}, nats: what {@link #klPerDimension} is the
     * expectation of.
     */
    SDVariable sampledKlPerDimension(GraphBuilder g, DiagonalGaussian q, SDVariable z);

    /**
     * The variance of {@link #sampledKlPerDimension} over z from q {@code [N, latent]} in closed
     * form, nats^2.
     */
    SDVariable sampledKlVariancePerDimension(GraphBuilder g, DiagonalGaussian q);
}
