package org.likelihood4j.laboratory.gap;

/**
 * What was found of one example, nats; NaN where it was not asked for.
 *
 * @param elbo of the encoder's posterior
 * @param bound of k
 * @param local the ELBO of the best Gaussian
 * @param localBound the bound of k of the Gaussian that is best for it
 * @param importance importance-weighted estimate from below
 * @param localImportance the same by the best Gaussian
 * @param annealed annealed estimate from below
 * @param reverse annealed estimate from above, of simulated data
 * @param effectiveChains of the weights of the annealed one
 * @param spread standard deviation of log w between chains
 * @param acceptance mean probability of a move
 * @param converged whether the best Gaussian is one
 */
record ExampleEvidence(
        Estimated elbo,
        Estimated bound,
        Estimated local,
        Estimated localBound,
        Estimated importance,
        Estimated localImportance,
        Estimated annealed,
        Estimated reverse,
        double effectiveChains,
        double spread,
        double acceptance,
        boolean converged) {
    /** A value and what other noise would change in it, to first order. */
    record Estimated(double value, double error) {
        static final Estimated NONE = new Estimated(Double.NaN, Double.NaN);
    }
}
