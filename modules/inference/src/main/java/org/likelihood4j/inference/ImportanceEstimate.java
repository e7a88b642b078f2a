package org.likelihood4j.inference;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * log p(x) of each example by importance sampling (Burda et al. 2016): of K draws,
 *
 * <pre>
 * logProb          log wbar,  wbar = 1/K sum of w_k.  Its expectation is at most log p(x), and rises with K
 * standardError    sd(w)/(wbar sqrt(K)), to first order (delta method): what another seed would change
 * effectiveDraws   (sum of w_k)^2 / sum of w_k^2, from 1 to K
 * bound            the mean of log w_k and its standard error: of a VAE the ELBO with the sampled KL. At most logProb
 * </pre>
 *
 * <p>The standard error is not the distance from log p(x): to second order logProb is below it by {@code standardError^2/2} on average.
 * And where few draws carry the sum, the weights' own spread is not to be seen in K draws: then the standard error is too small, both
 * numbers mean little ({@link #fewDraws}), and only a larger K tells more.
 *
 * @param logProb {@code [N]}, DOUBLE, nats
 * @param standardError {@code [N]}, DOUBLE, nats; NaN for K = 1
 * @param effectiveDraws {@code [N]}, DOUBLE
 * @param bound each {@code [N]}, DOUBLE, nats; the error NaN for K = 1
 */
public record ImportanceEstimate(INDArray logProb, INDArray standardError, INDArray effectiveDraws, Estimate bound) {
    /** Fewer effective draws than these are one draw's word. */
    public static final double FEW_DRAWS = 2;

    /** {@code [N]}, BOOL: whether an example has fewer than {@value #FEW_DRAWS} effective draws, so that its standard error means little. */
    public INDArray fewDraws() {
        return effectiveDraws.lt(FEW_DRAWS);
    }
}
