package org.likelihood4j.laboratory.gap;

import org.likelihood4j.laboratory.evidence.LocalPosterior;

/**
 * How closely gaps are estimated.
 *
 * @param importanceSamples K
 * @param chains of each example
 * @param temperatures steps from the start to the posterior
 * @param leapfrogs steps of a Hamiltonian move
 * @param fromPrior whether annealing starts at the prior; else at the encoder's posterior
 * @param local when a best Gaussian is found
 * @param seed of all noise but that which shows examples
 */
public record GapSettings(
        int importanceSamples,
        int chains,
        int temperatures,
        int leapfrogs,
        boolean fromPrior,
        LocalPosterior.Settings local,
        long seed) {
    /** Wanted mean probability of a Hamiltonian move: where a dimension's cost is least (Beskos et al. 2013). */
    static final double ACCEPTANCE = 0.65;

    /** Draws of a posterior for each step of its improvement, at least. */
    static final int LOCAL_DRAWS = 16;

    /** A fifth as many as chains that count. */
    int pilotTemperatures() {
        return Math.max(10, temperatures / 5);
    }

    /** Of {@link Temperatures#sigmoid}: near the prior temperatures have to be close. */
    double steepness() {
        return fromPrior ? 4 : 2;
    }

    String start() {
        return fromPrior ? "prior" : "posterior";
    }
}
