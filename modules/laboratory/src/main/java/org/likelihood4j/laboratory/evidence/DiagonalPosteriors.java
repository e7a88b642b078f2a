package org.likelihood4j.laboratory.evidence;

import java.util.Arrays;

/**
 * A Gaussian {@code N(mean, diag sigma^2)} of the latent for each of some examples.
 *
 * @param latent numbers of a latent
 * @param mean {@code [examples, latent]}
 * @param logSigma {@code [examples, latent]}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record DiagonalPosteriors(int latent, double[] mean, double[] logSigma) implements StartDensity {
    private static final double LOG_2_PI = Math.log(2 * Math.PI);

    /** N(0, I) for each. */
    public static DiagonalPosteriors standard(int examples, int latent) {
        return new DiagonalPosteriors(latent, new double[examples * latent], new double[examples * latent]);
    }

    int examples() {
        return mean.length / latent;
    }

    /** {@code mean + sigma eps} for each row of noise, of which each example has as many. */
    double[] at(double... eps) {
        int draws = draws(eps.length);
        double[] z = new double[eps.length];
        for (int i = 0; i < z.length; i++) {
            int at = place(i, draws);
            z[i] = mean[at] + Math.exp(logSigma[at]) * eps[i];
        }
        return z;
    }

    private int draws(int numbers) {
        return numbers / mean.length;
    }

    /** The place of an example's number among the moments, by that of a row's number. */
    private int place(int i, int draws) {
        return i / (latent * draws) * latent + i % latent;
    }

    /** {@code log q(z)} of each row. */
    double[] logDensity(double... z) {
        int draws = draws(z.length);
        double[] sums = new double[z.length / latent];
        for (int i = 0; i < z.length; i++) {
            int at = place(i, draws);
            double eps = (z[i] - mean[at]) * Math.exp(-logSigma[at]);
            sums[i / latent] -= 0.5 * (eps * eps + LOG_2_PI) + logSigma[at];
        }
        return sums;
    }

    @Override
    public double[] logDensity(LatentPoint point) {
        return logDensity(point.z());
    }

    @Override
    public double[] slope(LatentPoint point) {
        double[] z = point.z();
        int draws = draws(z.length);
        double[] slope = new double[z.length];
        for (int i = 0; i < z.length; i++) {
            int at = place(i, draws);
            slope[i] = (mean[at] - z[i]) * Math.exp(-2 * logSigma[at]);
        }
        return slope;
    }

    @Override
    public double[] draw(ChainNoise noise) {
        return at(noise.normal(0, latent));
    }

    @Override
    public double[] scale(double beta) {
        return Arrays.stream(logSigma).map(Math::exp).toArray();
    }

    /** {@code sum of log sigma + L/2 (1 + log 2 pi)} of an example. */
    double entropy(int example) {
        double sum = 0.5 * latent * (1 + LOG_2_PI);
        for (int j = example * latent; j < (example + 1) * latent; j++) {
            sum += logSigma[j];
        }
        return sum;
    }

    /** {@code E_q[log N(z; 0, I)]} of an example. */
    double meanLogStandardNormal(int example) {
        double sum = 0;
        for (int j = example * latent; j < (example + 1) * latent; j++) {
            sum -= 0.5 * (mean[j] * mean[j] + Math.exp(2 * logSigma[j]) + LOG_2_PI);
        }
        return sum;
    }
}
