package org.likelihood4j.models.vae;

import org.likelihood4j.models.LatentVariableModel.KlEstimator;

/**
 * What a VAE minimises. With k draws z_i of the posterior and {@code w_i = p(x|z_i) p(z_i) /
 * q(z_i|x)}:
 *
 * <pre>
 * k = 1:            mean over the batch of -log p(x|z) + beta KL,  KL by the estimator
 * free bits:        mean of -log p(x|z), + beta * sum over j of max(freeBits, batch mean of KL_j)   (Kingma et al. 2016)
 * k > 1, SAMPLED:   mean of -log(1/k sum of w_i)                                                    (Burda et al. 2016)
 * k > 1, PATH:      the same value, its gradient doubly reparameterised                             (Tucker et al. 2019)
 * </pre>
 *
 * @param estimator of the KL
 * @param importanceSamples k
 * @param weighted whether the loss takes beta as an input; else it is 1
 * @param freeBits lambda, nats of each dimension; 0 for none
 */
public record Objective(KlEstimator estimator, int importanceSamples, boolean weighted, double freeBits) {
    public Objective {
        if (importanceSamples < 1) {
            throw new IllegalArgumentException("importance samples must be at least 1, were " + importanceSamples);
        }
        if (!(freeBits >= 0) || Double.isInfinite(freeBits)) {
            throw new IllegalArgumentException("free bits must be at least 0 and finite, were " + freeBits);
        }
        if (importanceSamples > 1 && estimator == KlEstimator.ANALYTIC) {
            throw new IllegalArgumentException(
                    "the importance-weighted bound has no KL term to be taken in closed form");
        }
        if (importanceSamples > 1 && (weighted || freeBits > 0)) {
            throw new IllegalArgumentException("the importance-weighted bound has no KL term to be weighted");
        }
        if (freeBits > 0 && estimator != KlEstimator.ANALYTIC) {
            throw new IllegalArgumentException("free bits are defined on the analytic KL of each dimension");
        }
    }

    /** The plain ELBO with the analytic KL. */
    public static Objective elbo() {
        return new Objective(KlEstimator.ANALYTIC, 1, false, 0);
    }
}
