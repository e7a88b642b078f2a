package org.likelihood4j.laboratory.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The yardsticks themselves: quadrature rules, linear algebra and general Gaussians. */
class QuadratureTest {
    /** Moments of N(0, 1): 0 for odd powers, (p - 1)!! for even ones. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 24})
    void gaussHermiteIsExactForPolynomials(int nodes) {
        Quadrature rule = Quadrature.gaussHermite(nodes, 1);
        double moment = 1;
        for (int power = 0; power < Math.min(2 * nodes, 20); power += 2) {
            int p = power;
            double[] values = Arrays.stream(rule.points())
                    .mapToDouble(x -> Math.pow(x[0], p))
                    .toArray();
            assertThat(rule.mean(values)).as("power " + power).isCloseTo(moment, within(1e-12 * moment));
            double[] odd = Arrays.stream(rule.points())
                    .mapToDouble(x -> Math.pow(x[0], p + 1))
                    .toArray();
            assertThat(rule.mean(odd)).isCloseTo(0, within(1e-12 * moment));
            moment *= power + 1;
        }
    }

    @Test
    void productsIntegrateEveryDimensionOnItsOwn() {
        Quadrature rule = Quadrature.gaussHermite(3, 2);
        assertThat(rule.count()).isEqualTo(9);
        double[] values = Arrays.stream(rule.points())
                .mapToDouble(x -> x[0] * x[0] * (1 + x[1]) * (1 + x[1]))
                .toArray();
        assertThat(rule.mean(values)).isCloseTo(2, within(1e-12));
        double[] sums = Arrays.stream(rule.points())
                .mapToDouble(x -> x[0] + 2 * x[1] + 7)
                .toArray();
        assertThat(rule.variance(sums)).isCloseTo(5, within(1e-12));
    }

    @Test
    void determinantsAndInversesOfKnownMatrices() {
        double[][] a = {{0, 2, 1}, {4, 0, 0}, {1, 1, 3}};
        // Expanded along the second row: -4 (2 x 3 - 1 x 1).
        assertThat(Matrices.logAbsDet(a)).isCloseTo(Math.log(20), within(1e-14));
        double[][] product = Matrices.multiply(a, Matrices.inverse(a));
        for (int i = 0; i < 3; i++) {
            assertThat(product[i]).containsExactly(Matrices.identity(3)[i], within(1e-14));
        }
        assertThat(Matrices.logAbsDet(new double[][] {{1, Double.NaN}, {0, 1}})).isNaN();
    }

    @Test
    void gaussiansAreThoseOfOneDimensionAndAgreeInAllCoordinates() {
        SplittableRandom random = new SplittableRandom(3);
        Gaussian q = Gaussian.diagonal(new double[] {0.5, -1}, new double[] {0.3, 2});
        assertThat(q.logDensity(1, 0))
                .isCloseTo(Gaussian.logDensity(1, 0.5, 0.3) + Gaussian.logDensity(0, -1, 2), within(1e-14));
        double kl = 0.5 * (0.3 + 0.25 - 1 - Math.log(0.3)) + 0.5 * (2 + 1 - 1 - Math.log(2));
        assertThat(q.klTo(Gaussian.standard(2))).isCloseTo(kl, within(1e-14));
        double[][] map = Draws.normal(2, 2, 1, random);
        double[] shift = {3, -2};
        assertThat(q.mapped(map, shift).klTo(Gaussian.standard(2).mapped(map, shift)))
                .isCloseTo(kl, within(1e-9));
    }

    @Test
    void findingsAreJudgedByTheirRule() {
        assertThat(Finding.atMost(1e-10, "f", "c", 1, 1e-10).verdict()).isEqualTo("ok");
        assertThat(Finding.atMost(1e-10, "f", "c", 1, 2e-10).verdict()).isEqualTo("FAILED");
        assertThat(Finding.atMost(1, "f", "c", 1, Double.NaN).verdict()).isEqualTo("FAILED");
        assertThat(Finding.above(0.1, "f", "c", 1, 0.1).verdict()).isEqualTo("FAILED");
        assertThat(Finding.above(0.1, "f", "c", 1, 0.2).verdict()).isEqualTo("ok");
        assertThat(Finding.above(0.1, "f", "c", 1, Double.NaN).passed()).isFalse();
        assertThat(Finding.above(0.1, "f", "c", 0, Double.POSITIVE_INFINITY).passed())
                .isFalse();
        assertThat(Finding.none("f", "c").verdict()).isEqualTo("none");
        assertThat(Finding.none("f", "c").passed()).isTrue();
        assertThat(Finding.atMost(1e-10, "f", "c", 1, 0.1).tolerance()).isEqualTo("1e-10");
        assertThat(Finding.atMost(5, "f", "c", 1, 1.23456).error()).isEqualTo("1.23");
        assertThat(Finding.above(0.1, "f", "c", 1, 0).tolerance()).isEqualTo("> 0.1");
        assertThat(Finding.atMost(5, "f", "c", 1, 3.4e-16).error()).isEqualTo("3.4e-16");
    }

    @Test
    void theWorstErrorIsNotForgottenAndNanIsTheWorst() {
        LargestError worst = new LargestError();
        worst.compare(2, 1);
        worst.compare(101, 100);
        assertThat(worst.error()).isEqualTo(1);
        worst.add(Double.NaN);
        worst.add(3);
        assertThat(worst.error()).isNaN();
        assertThat(worst.cases()).isEqualTo(4);
    }
}
