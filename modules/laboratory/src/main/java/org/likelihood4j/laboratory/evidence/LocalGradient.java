package org.likelihood4j.laboratory.evidence;

import java.util.Arrays;

/**
 * The gradient of a bound with respect to {@code (mu, log sigma)} of each example, from draws at one noise.
 *
 * @param k draws of the importance-weighted bound; 1 for the ELBO
 */
public record LocalGradient(JointDensity joint, LocalFormulas formulas, int k) {
    /**
     * A gradient.
     *
     * @param mean {@code [examples, latent]}
     * @param logSigma {@code [examples, latent]}
     * @param bound an estimate of the bound {@code [examples]}, nats
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Value(double[] mean, double[] logSigma, double[] bound) {}

    public Value at(DiagonalPosteriors q, double... eps) {
        LatentPoint point = joint.at(q.at(eps));
        int latent = joint.latent();
        int draws = joint.draws();
        double[] mean = new double[q.mean().length];
        double[] logSigma = new double[mean.length];
        double[] bound = new double[joint.examples()];
        double[] logQ = q.logDensity(point.z());
        double[] logWeights = new double[logQ.length];
        Arrays.setAll(logWeights, row -> point.logJoint(row) - logQ[row]);
        for (int row = 0; row < logQ.length; row++) {
            int example = row / draws;
            double weight = k == 1 ? 1 : weight(logWeights, row);
            for (int j = 0; j < latent; j++) {
                int at = example * latent + j;
                int i = row * latent + j;
                double sigma = Math.exp(q.logSigma()[at]);
                double slope = k == 1
                        ? formulas.ofBound().at(point.slope(i)) / draws
                        : formulas.ofWeighted().at(weight, point.slope(i), eps[i], sigma) * k / draws;
                mean[at] += slope;
                logSigma[at] += slope * sigma * eps[i];
            }
            // With the entropy in closed form the ELBO has less noise.
            bound[example] += k == 1 ? point.logJoint(row) / draws : 0;
        }
        for (int n = 0; n < bound.length; n++) {
            if (k == 1) {
                bound[n] += q.entropy(n);
                for (int j = n * latent; j < (n + 1) * latent; j++) {
                    logSigma[j] += formulas.entropy();
                }
            } else {
                bound[n] = meanOfBounds(logWeights, n * draws, (n + 1) * draws);
            }
        }
        return new Value(mean, logSigma, bound);
    }

    /** Of a draw among the k that it belongs to. */
    private double weight(double[] logWeights, int row) {
        int first = row - row % joint.draws() % k;
        return Math.exp(logWeights[row] - logSumExp(logWeights, first, first + k));
    }

    private double meanOfBounds(double[] logWeights, int from, int to) {
        double sum = 0;
        for (int first = from; first < to; first += k) {
            sum += logSumExp(logWeights, first, first + k) - Math.log(k);
        }
        return sum * k / (to - from);
    }

    static double logSumExp(double[] values, int from, int to) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            largest = Math.max(largest, values[i]);
        }
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += Math.exp(values[i] - largest);
        }
        return largest + Math.log(sum);
    }
}
