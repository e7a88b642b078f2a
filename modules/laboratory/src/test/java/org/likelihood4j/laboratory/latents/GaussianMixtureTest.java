package org.likelihood4j.laboratory.latents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.likelihood4j.runs.statistics.MeanAndError;

class GaussianMixtureTest {
    private static double log(double... terms) {
        double sum = 0;
        for (double term : terms) {
            sum += term;
        }
        return Math.log(sum);
    }

    private static double normal(double x, double mean, double deviation) {
        double u = (x - mean) / deviation;
        return Math.exp(-u * u / 2) / (deviation * Math.sqrt(2 * Math.PI));
    }

    @Test
    void itIsTheMeanOfItsComponents() {
        double[][] means = {{0, 1}, {2, -1}};
        double[][] logVariances = {{0, Math.log(4)}, {Math.log(0.25), 0}};
        double expected =
                log(0.5 * normal(0.3, 0, 1) * normal(-0.2, 1, 2), 0.5 * normal(0.3, 2, 0.5) * normal(-0.2, -1, 1));
        assertThat(new GaussianMixture(means, logVariances).logDensities(new double[][] {{0.3, -0.2}})[0])
                .isCloseTo(expected, within(1e-13));
        // Far from all of them, where each density is 0.
        assertThat(new GaussianMixture(means, logVariances).logDensities(new double[][] {{300, 300}})[0])
                .isFinite()
                .isLessThan(-10_000);
    }

    /**
     * A Gaussian channel: of {@code z = a n + s e}, n and e standard normal, {@code I = D/2 log(1 + a^2/s^2)} and {@code KL(q(z) || N(0, I))} that of
     * {@code N(0, (a^2 + s^2) I)}, here of N draws of n with an error of the order of exp(I)/N.
     */
    @Test
    void informationIsThatOfTheGaussianChannel() {
        int count = 4000;
        double a = 1.2;
        double s = 0.7;
        Random random = new Random(1);
        double[][] means = new double[count][2];
        double[][] logVariances = new double[count][2];
        double[][] draws = new double[count][2];
        for (int n = 0; n < count; n++) {
            for (int j = 0; j < 2; j++) {
                means[n][j] = a * random.nextGaussian();
                logVariances[n][j] = 2 * Math.log(s);
                draws[n][j] = means[n][j] + s * random.nextGaussian();
            }
        }
        double[] aggregate = new GaussianMixture(means, logVariances).logDensities(draws);
        MeanAndError information = MeanAndError.of(IntStream.range(0, count)
                .mapToDouble(n ->
                        log(normal(draws[n][0], means[n][0], s) * normal(draws[n][1], means[n][1], s)) - aggregate[n])
                .toArray());
        assertThat(information.mean()).isCloseTo(Math.log(1 + a * a / (s * s)), within(5 * information.error()));
        double variance = a * a + s * s;
        MeanAndError kl = MeanAndError.of(IntStream.range(0, count)
                .mapToDouble(n -> aggregate[n] - log(normal(draws[n][0], 0, 1) * normal(draws[n][1], 0, 1)))
                .toArray());
        assertThat(kl.mean()).isCloseTo(variance - 1 - Math.log(variance), within(5 * kl.error()));
    }

    /** A density: its sum over the plane is 1, whatever the grid cuts off; and that of many normal points is the normal one. */
    @Test
    void smoothingKeepsTheMass() {
        Random random = new Random(2);
        double[][] points = IntStream.range(0, 5000)
                .mapToObj(i -> new double[] {random.nextGaussian(), 3 * random.nextGaussian()})
                .toArray(double[][]::new);
        SmoothedPlane plane = SmoothedPlane.around(points, points, 80);
        double cell = (plane.high()[0] - plane.low()[0]) * (plane.high()[1] - plane.low()[1]) / (79.0 * 79);
        double mass = 0;
        for (double density : plane.of(points)) {
            mass += density * cell;
        }
        assertThat(mass).isCloseTo(1, within(0.005));
        double[][] normal = IntStream.range(0, 20_000)
                .mapToObj(i -> new double[] {random.nextGaussian(), random.nextGaussian()})
                .toArray(double[][]::new);
        double[] estimated = plane.of(normal);
        double[] expected = plane.standardNormal();
        for (int i = 0; i < expected.length; i++) {
            // Points within a kernel's reach are Poisson: some 5 of their deviations.
            assertThat(estimated[i]).isCloseTo(expected[i], within(0.006));
        }
    }
}
