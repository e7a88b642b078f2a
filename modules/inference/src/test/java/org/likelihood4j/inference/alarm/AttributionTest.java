package org.likelihood4j.inference.alarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Against what an attribution is of two normal columns, in closed form. */
class AttributionTest {
    private static final int K = 4096;
    private static final List<int[]> COLUMNS = List.of(new int[] {0}, new int[] {1});

    /** Quantiles of columns of these deviations: their means over functions are integrals by the midpoint rule. */
    private static double[][] quantiles(double... deviations) {
        double[][] rows = new double[K][deviations.length];
        double step = 1e-4;
        double below = 0;
        int k = 0;
        for (double z = -8; k < K; z += step) {
            below += step * Math.exp(logNormal(z + step / 2, 0, 1));
            for (; k < K && below >= (k + 0.5) / K; k++) {
                for (int j = 0; j < deviations.length; j++) {
                    rows[k][j] = deviations[j] * z;
                }
            }
        }
        return rows;
    }

    private static double logNormal(double x, double mean, double variance) {
        return -0.5 * (Math.log(2 * Math.PI * variance) + (x - mean) * (x - mean) / variance);
    }

    /** Of deviations s1, s2 and correlation r. */
    private static Attribution.LogDensity normal(double s1, double s2, double r) {
        return rows -> Arrays.stream(rows)
                .mapToDouble(
                        x -> logNormal(x[0], 0, s1 * s1) + logNormal(x[1], r * s2 / s1 * x[0], s2 * s2 * (1 - r * r)))
                .toArray();
    }

    /** z^2/2 - log(2)/2, since the mean density of a normal column is 1/(2 sqrt(pi) s). */
    @Test
    void ofIndependentColumnsItIsTheirOwnUnlikelihood() {
        Attribution attribution = new Attribution(normal(2, 0.01, 0), quantiles(2, 0.01), COLUMNS);
        double[] nats = attribution.of(new double[] {2 * 3, 0.01 * -5});
        assertThat(nats[0]).isCloseTo(9 / 2.0 - Math.log(2) / 2, within(1e-3));
        assertThat(nats[1]).isCloseTo(25 / 2.0 - Math.log(2) / 2, within(1e-3));
        double[] middle = attribution.of(new double[] {0, 0});
        assertThat(middle[0]).isCloseTo(-Math.log(2) / 2, within(1e-3));
    }

    /** E over v of N(v; m, c) is N(m; 0, s^2 + c), m and c of column j given the other. */
    @Test
    void ofDependentColumnsItIsHowFarOneIsFromWhatTheOtherTells() {
        double r = 0.95;
        Attribution attribution = new Attribution(normal(1, 3, r), quantiles(1, 3), COLUMNS);
        // Each by itself is ordinary.
        double[] x = {1.2, -3.6};
        double[] nats = attribution.of(x);
        double[] s = {1, 3};
        for (int j = 0; j < 2; j++) {
            double mean = r * s[j] / s[1 - j] * x[1 - j];
            double given = s[j] * s[j] * (1 - r * r);
            double expected = logNormal(mean, 0, s[j] * s[j] + given) - logNormal(x[j], mean, given);
            assertThat(nats[j]).isCloseTo(expected, within(1e-2)).isGreaterThan(20);
        }
    }

    /** Densities that are drawn: the mean is over the draws, of the row itself as well. */
    @Test
    void noiseIsAveragedOut() {
        double[][] reference = quantiles(1, 1);
        // Of draw k either twice the density or none; both terms are means over the same draws.
        Attribution attribution = new Attribution(
                rows -> {
                    double[] nats = normal(1, 1, 0).of(rows);
                    for (int k = 0; k < nats.length; k++) {
                        nats[k] = k % 2 == 0 ? nats[k] + Math.log(2) : Double.NaN;
                    }
                    return nats;
                },
                reference,
                COLUMNS);
        assertThat(attribution.of(new double[] {4, 0})[0]).isCloseTo(8 - Math.log(2) / 2, within(5e-3));
    }

    @Test
    void whatOverflowsIsBlamedWithoutEnd() {
        Attribution attribution = new Attribution(
                rows -> Arrays.stream(rows)
                        .mapToDouble(x -> Math.abs(x[0]) > 100 ? Double.NEGATIVE_INFINITY : -x[1] * x[1])
                        .toArray(),
                quantiles(1, 1),
                COLUMNS);
        assertThat(attribution.of(new double[] {1e30, 1})).containsExactly(Double.POSITIVE_INFINITY, 0);
    }

    @Test
    void whatIsMissingIsNoReason() {
        Attribution.LogDensity ofWhatIsThere = rows -> Arrays.stream(rows)
                .mapToDouble(x -> (Double.isNaN(x[0]) ? 0 : logNormal(x[0], 0, 1)) + logNormal(x[1], 0, 1))
                .toArray();
        double[] nats = new Attribution(ofWhatIsThere, quantiles(1, 1), COLUMNS).of(new double[] {Double.NaN, 3});
        assertThat(nats[0]).isZero();
        assertThat(nats[1]).isCloseTo(9 / 2.0 - Math.log(2) / 2, within(1e-3));
    }
}
