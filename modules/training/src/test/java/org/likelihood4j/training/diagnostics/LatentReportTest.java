package org.likelihood4j.training.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Information estimates where the truth is known. */
class LatentReportTest {
    private static final int N = 1500;

    /** One latent dimension: posteriors N(mean_n, sigma^2) and a draw of each. */
    private static LatentReport report(double[] mean, double sigma, long seed) {
        Random random = new Random(seed);
        double[] z =
                Arrays.stream(mean).map(m -> m + sigma * random.nextGaussian()).toArray();
        double[] logVariance = new double[mean.length];
        Arrays.fill(logVariance, 2 * Math.log(sigma));
        double[] kl = Arrays.stream(mean)
                .map(m -> 0.5 * (sigma * sigma + m * m - 2 * Math.log(sigma) - 1))
                .toArray();
        double[] sampled = new double[mean.length];
        Arrays.setAll(sampled, i -> 0.5 * z[i] * z[i] - 0.5 * Math.pow((z[i] - mean[i]) / sigma, 2) - Math.log(sigma));
        return LatentReport.of(mean.length, mean, logVariance, z, kl, sampled);
    }

    private static double[] normal(int n, double scale, long seed) {
        Random random = new Random(seed);
        return random.doubles(n).map(u -> scale * random.nextGaussian()).toArray();
    }

    /** With means from N(0, t^2) and noise s^2, z is N(0, t^2 + s^2) and I = 1/2 log(1 + t^2/s^2). */
    @Test
    void theInformationOfAGaussianChannelIsShannons() {
        double t = 0.8;
        double s = 0.6;
        LatentReport report = report(normal(N, t, 1), s, 2);
        double truth = 0.5 * Math.log(1 + t * t / (s * s));
        // The standard error of N independent terms of spread about 0.7, with room for the bias of order 1/N.
        assertThat(report.mutualInformation().get(0)).isCloseTo(truth, within(4 * 0.7 / Math.sqrt(N) + 0.01));
        // z is N(0, 1) here, as the prior says: nothing is left for the marginal KL.
        assertThat(report.marginalKl().get(0)).isCloseTo(0, within(4 * 0.7 / Math.sqrt(N)));
    }

    @Test
    void informationAndMarginalKlAddUpToTheSampledKl() {
        LatentReport report = report(normal(300, 2, 3), 0.3, 4);
        assertThat(report.mutualInformation().get(0) + report.marginalKl().get(0))
                .isCloseTo(report.klSampled().get(0), within(1e-12));
    }

    @Test
    void posteriorsThatAreAllThePriorHoldNoInformation() {
        LatentReport report = report(new double[N], 1, 5);
        assertThat(report.mutualInformation().get(0)).isCloseTo(0, within(1e-12));
        assertThat(report.klAnalytic().get(0)).isZero();
        assertThat(report.activeUnits()).isZero();
    }

    /** Posteriors that do not overlap tell the images apart, and of more than log N no estimate can tell. */
    @Test
    void separatedPosteriorsReachTheCap() {
        double[] mean = new double[50];
        Arrays.setAll(mean, i -> i);
        LatentReport report = report(mean, 1e-3, 6);
        assertThat(report.mutualInformation().get(0)).isCloseTo(Math.log(50), within(1e-12));
        assertThat(report.cap()).isEqualTo(Math.log(50));
        assertThat(report.activeUnits()).isEqualTo(1);
    }

    /** Against the definition, term by term, with posteriors of very different widths, where terms are skipped. */
    @Test
    void everyDimensionIsItsDefinition() {
        int n = 60;
        int latent = 3;
        Random random = new Random(7);
        double[] mean = random.doubles((long) n * latent, -3, 3).toArray();
        double[] logVariance = random.doubles((long) n * latent, -12, 1).toArray();
        double[] z = new double[n * latent];
        Arrays.setAll(z, i -> mean[i] + Math.exp(0.5 * logVariance[i]) * random.nextGaussian());
        LatentReport report = LatentReport.of(n, mean, logVariance, z, null, null);
        for (int j = 0; j < latent; j++) {
            double expected = 0;
            for (int i = 0; i < n; i++) {
                double marginal = 0;
                for (int m = 0; m < n; m++) {
                    marginal += Math.exp(logDensity(mean, logVariance, z[i * latent + j], m * latent + j)) / n;
                }
                expected += (logDensity(mean, logVariance, z[i * latent + j], i * latent + j) - Math.log(marginal)) / n;
            }
            assertThat(report.mutualInformation().get(j)).isCloseTo(expected, within(1e-10));
        }
        assertThat(report.klAnalytic()).isNull();
        assertThat(report.marginalKl()).isNull();
    }

    private static double logDensity(double[] mean, double[] logVariance, double z, int element) {
        double variance = Math.exp(logVariance[element]);
        double centred = z - mean[element];
        return -0.5 * (centred * centred / variance + logVariance[element] + Math.log(2 * Math.PI));
    }
}
