package org.likelihood4j.runs.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Distances by the inverse of the covariance in closed form, and what is so whatever the examples are. */
class GaussianFitTest {
    private static final Random RANDOM = new Random(1);

    private static double[][] examples(int count) {
        double[][] examples = new double[count][2];
        for (double[] example : examples) {
            example[0] = 5 * RANDOM.nextGaussian() - 3;
            example[1] = 0.9 * example[0] + RANDOM.nextExponential();
        }
        return examples;
    }

    @Test
    void distancesAreThoseOfTheInverse() {
        GaussianFit fit = GaussianFit.of(examples(200));
        double[][] c = fit.covariance();
        double determinant = c[0][0] * c[1][1] - c[0][1] * c[1][0];
        for (double[] point : examples(20)) {
            double x = point[0] - fit.mean()[0];
            double y = point[1] - fit.mean()[1];
            double square = (c[1][1] * x * x - 2 * c[0][1] * x * y + c[0][0] * y * y) / determinant;
            assertThat(fit.distance(point)).isCloseTo(Math.sqrt(square), within(1e-9));
        }
        assertThat(fit.distance(fit.mean())).isZero();
        assertThat(fit.distance(Double.POSITIVE_INFINITY, 0)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(new GaussianFit(new double[] {2}, new double[][] {{9}}, 10).distance(8))
                .isEqualTo(2);
    }

    /** {@code sum of d^2 = (n - 1) k}: the trace of C C^-1. */
    @Test
    void theSquaresOfItsOwnExamplesAddUp() {
        double[][] examples = examples(50);
        GaussianFit fit = GaussianFit.of(examples);
        assertThat(Arrays.stream(examples)
                        .mapToDouble(example -> Math.pow(fit.distance(example), 2))
                        .sum())
                .isCloseTo(2 * 49, within(1e-9));
        assertThat(fit.examples()).isEqualTo(50);
    }

    /** Other units, and sums of the numbers in their place, change no distance. */
    @Test
    void distancesDoNotDependOnUnits() {
        double[][] examples = examples(50);
        double[][] others = Arrays.stream(examples)
                .map(example -> new double[] {1e3 * example[0] + 7, example[1] - 20 * example[0]})
                .toArray(double[][]::new);
        GaussianFit fit = GaussianFit.of(examples);
        GaussianFit other = GaussianFit.of(others);
        for (int i = 0; i < 50; i++) {
            assertThat(other.distance(others[i])).isCloseTo(fit.distance(examples[i]), within(1e-8));
        }
    }

    @Test
    void whatHasNoDistanceIsRefused() {
        double[][] line = new double[20][2];
        for (int i = 0; i < 20; i++) {
            line[i] = new double[] {i, 3 * i};
        }
        for (double[][] examples : new double[][][] {
            line, {{1, 2}}, {}, {{1, 2}, {3, 5}}, {{1, 2}, {1, 3}, {1, 4}},
        }) {
            assertThatThrownBy(() -> GaussianFit.of(examples)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new GaussianFit(new double[] {1}, new double[][] {{1, 2}}, 3))
                .hasMessage("covariance must be square");
        assertThatThrownBy(() -> new GaussianFit(new double[] {Double.NaN}, new double[][] {{1}}, 3))
                .hasMessage("means must be finite");
    }
}
