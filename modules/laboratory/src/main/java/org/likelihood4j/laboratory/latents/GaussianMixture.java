package org.likelihood4j.laboratory.latents;

import java.util.stream.IntStream;

/**
 * The aggregate posterior of N examples, {@code q(z) = 1/N sum over n of N(z; mean_n, diag exp(logVariance_n))}.
 *
 * @param means {@code [N][D]}
 * @param logVariances {@code [N][D]}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record GaussianMixture(double[][] means, double[][] logVariances) {
    private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

    /** log q(z) of each point, nats. */
    double[] logDensities(double[][] points) {
        int n = means.length;
        double[] constants = new double[n];
        double[][] precisions = new double[n][];
        for (int i = 0; i < n; i++) {
            double[] variances = logVariances[i];
            precisions[i] = new double[variances.length];
            for (int j = 0; j < variances.length; j++) {
                precisions[i][j] = Math.exp(-variances[j]);
                constants[i] -= 0.5 * (variances[j] + LOG_TWO_PI);
            }
        }
        return IntStream.range(0, points.length)
                .mapToDouble(i -> logDensity(points[i], constants, precisions))
                .toArray();
    }

    private double logDensity(double[] z, double[] constants, double[][] precisions) {
        double[] each = new double[constants.length];
        double largest = Double.NEGATIVE_INFINITY;
        for (int n = 0; n < each.length; n++) {
            double squares = 0;
            for (int j = 0; j < z.length; j++) {
                double distance = z[j] - means[n][j];
                squares += distance * distance * precisions[n][j];
            }
            each[n] = constants[n] - 0.5 * squares;
            largest = Math.max(largest, each[n]);
        }
        if (largest == Double.NEGATIVE_INFINITY) {
            return largest;
        }
        double sum = 0;
        for (double log : each) {
            sum += Math.exp(log - largest);
        }
        return largest + Math.log(sum / each.length);
    }
}
