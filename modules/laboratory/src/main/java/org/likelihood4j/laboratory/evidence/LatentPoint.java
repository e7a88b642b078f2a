package org.likelihood4j.laboratory.evidence;

import java.util.function.IntPredicate;

/**
 * Rows of latents and what a {@link JointDensity} is there.
 *
 * @param z {@code [rows, latent]}
 * @param logPrior {@code log p(z) [rows]}, nats
 * @param logLikelihood {@code log p(x|z) [rows]}, nats
 * @param priorSlope {@code d log p(z)/dz [rows, latent]}; empty where slopes were not asked for
 * @param likelihoodSlope {@code d log p(x|z)/dz [rows, latent]}; empty as well
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record LatentPoint(
        double[] z, double[] logPrior, double[] logLikelihood, double[] priorSlope, double[] likelihoodSlope) {
    /** {@code log p(x, z)} of a row. */
    public double logJoint(int row) {
        return logPrior[row] + logLikelihood[row];
    }

    /** Its slope at a place of {@link #z}. */
    public double slope(int at) {
        return priorSlope[at] + likelihoodSlope[at];
    }

    int latent() {
        return z.length / logPrior.length;
    }

    /** These rows, some of them replaced by the other's. */
    LatentPoint replaced(LatentPoint other, IntPredicate which) {
        LatentPoint copy = new LatentPoint(
                z.clone(), logPrior.clone(), logLikelihood.clone(), priorSlope.clone(), likelihoodSlope.clone());
        int latent = latent();
        for (int row = 0; row < logPrior.length; row++) {
            if (which.test(row)) {
                copy.logPrior[row] = other.logPrior[row];
                copy.logLikelihood[row] = other.logLikelihood[row];
                int at = row * latent;
                System.arraycopy(other.z, at, copy.z, at, latent);
                System.arraycopy(other.priorSlope, at, copy.priorSlope, at, latent);
                System.arraycopy(other.likelihoodSlope, at, copy.likelihoodSlope, at, latent);
            }
        }
        return copy;
    }
}
