package org.likelihood4j.training;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * log p(x) of each example by importance sampling (Burda et al. 2016): of K draws,
 *
 * <pre>
 * logProb          log wbar,  wbar = 1/K sum of w_k.  Its expectation is at most log p(x), and rises with K
 * standardError    sd(w)/(wbar sqrt(K)), to first order (delta method): what another seed would change
 * effectiveDraws   (sum of w_k)^2 / sum of w_k^2, from 1 to K
 * </pre>
 *
 * <p>Where few draws carry the sum (effective draws near 1), the weights' own spread is not to be seen in K draws: then the standard
 * error is too small, and only a larger K tells more.
 *
 * @param logProb {@code [N]}, DOUBLE, nats
 * @param standardError {@code [N]}, DOUBLE, nats; NaN for K = 1
 * @param effectiveDraws {@code [N]}, DOUBLE
 */
public record ImportanceEstimate(INDArray logProb, INDArray standardError, INDArray effectiveDraws) {}
