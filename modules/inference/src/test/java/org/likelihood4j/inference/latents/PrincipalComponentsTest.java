package org.likelihood4j.inference.latents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.likelihood4j.random.CounterRandom;

class PrincipalComponentsTest {
    /** Three axes of length 1 in 4 of d dimensions, along which the points vary: columns of a Hadamard matrix, halved. */
    private static final double[][] AXES = {
        {0.5, 0.5, 0.5, 0.5}, {0.5, -0.5, 0.5, -0.5}, {0.5, 0.5, -0.5, -0.5},
    };

    private static final double[] AMPLITUDES = {3, 2, 1};

    /** Every combination of + and - each amplitude along its axis, about a mean: 8 points, or some multiple of them. */
    private static List<double[]> points(int d, int times) {
        List<double[]> points = new ArrayList<>();
        for (int i = 0; i < 8 * times; i++) {
            double[] point = new double[d];
            for (int j = 0; j < 4; j++) {
                point[j] = j + 10;
                for (int k = 0; k < 3; k++) {
                    point[j] += ((i >> k) % 2 == 0 ? 1 : -1) * AMPLITUDES[k] * AXES[k][j];
                }
            }
            points.add(point);
        }
        return points;
    }

    private static void assertFound(int d, int times) {
        PrincipalComponents found = PrincipalComponents.of(points(d, times));
        assertThat(found.variances()).containsExactly(new double[] {9, 4, 1}, within(1e-12));
        for (int k = 0; k < 3; k++) {
            double[] axis = found.axis(k);
            assertThat(axis).hasSize(d);
            // Of the two signs: the same every time, whatever LAPACK gives.
            assertThat(axis).isEqualTo(PrincipalComponents.of(points(d, times)).axis(k));
            double sign = Math.signum(axis[0]);
            for (int j = 0; j < d; j++) {
                assertThat(axis[j]).isCloseTo(j < 4 ? sign * AXES[k][j] : 0, within(1e-12));
            }
        }
        for (int j = 0; j < 4; j++) {
            assertThat(found.mean()[j]).isCloseTo(j + 10, within(1e-12));
        }
    }

    @Test
    void axesAndVariancesOfMorePointsThanDimensions() {
        assertFound(5, 2);
        assertFound(8, 1);
    }

    @Test
    void axesAndVariancesOfFewerPointsThanDimensions() {
        assertFound(9, 1);
        assertFound(40, 1);
    }

    @Test
    void ofTheTwoSignsTheLargestElementIsPositive() {
        List<double[]> points = List.of(new double[] {0, 0}, new double[] {1, -3}, new double[] {-1, 3});
        double[] axis = PrincipalComponents.of(points).axis(0);
        assertThat(axis).containsExactly(new double[] {-1 / Math.sqrt(10), 3 / Math.sqrt(10)}, within(1e-12));
    }

    @Test
    void chanceAloneShowsAVarianceAboveOne() {
        for (int d : new int[] {50, 400}) {
            List<double[]> noise = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                double[] point = new double[d];
                CounterRandom.fillNormal(CounterRandom.key(3, i), point, 0, d);
                noise.add(point);
            }
            assertThat(PrincipalComponents.of(noise).variances()[0])
                    .isCloseTo(PrincipalComponents.chance(200, d), Percentage.withPercentage(8));
        }
    }
}
