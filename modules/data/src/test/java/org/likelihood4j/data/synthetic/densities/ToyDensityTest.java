package org.likelihood4j.data.synthetic.densities;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.random.CounterRandom;
import org.likelihood4j.random.RandomStream;

/** The integral of a density is 1, and its points have its entropy and its means: by the midpoint rule and 40,000 draws. */
class ToyDensityTest {
    private static final int DRAWS = 40_000;

    private static double[][] draws(ToyDensity density) {
        double[][] points = new double[DRAWS][density.columns().size()];
        long key = CounterRandom.key(3, density.name());
        for (int i = 0; i < DRAWS; i++) {
            density.draw(new RandomStream(CounterRandom.key(key, i)), points[i], 0);
        }
        return points;
    }

    /** That the draws' average of a quantity is its expectation, within five standard errors. */
    private static void requireMean(String what, double[] drawn, double expected) {
        double mean = 0;
        double square = 0;
        for (double value : drawn) {
            mean += value / drawn.length;
            square += value * value / drawn.length;
        }
        double error = Math.sqrt(Math.max(square - mean * mean, 1e-20) / drawn.length);
        assertThat(mean).as(what).isCloseTo(expected, within(5 * error + 1e-9));
    }

    private static double[] each(double[][] points, ToDoubleFunction<double[]> quantity) {
        return Arrays.stream(points).mapToDouble(quantity).toArray();
    }

    @ParameterizedTest
    @CsvSource({
        "BANANA, -14, 14, -8, 55, 0.05",
        "RING, -5, 5, -5, 5, 0.05",
        "CHECKERBOARD, -3, 3, -3, 3, 0.05",
        "MOONS, -2, 3, -1.5, 2, 0.025"
    })
    void thePlaneIsIntegrated(ToyDensity density, double left, double right, double bottom, double top, double step) {
        double mass = 0;
        double entropy = 0;
        double meanX = 0;
        double meanY = 0;
        for (double x = left + step / 2; x < right; x += step) {
            for (double y = bottom + step / 2; y < top; y += step) {
                double log = density.logDensity(x, y);
                double share = Math.exp(log) * step * step;
                if (share > 0) {
                    mass += share;
                    entropy -= share * log;
                    meanX += share * x;
                    meanY += share * y;
                }
            }
        }
        assertThat(mass).isCloseTo(1, within(1e-6));
        double[][] points = draws(density);
        requireMean("entropy", each(points, point -> -density.logDensity(point)), entropy);
        requireMean("x", each(points, point -> point[0]), meanX);
        requireMean("y", each(points, point -> point[1]), meanY);
    }

    /** In rings whose radius grows by a factor: {@code integral of 2 pi r p(r) dr} over {@code log r}. */
    @Test
    void fiveDecadesAreIntegrated() {
        double step = 0.01;
        double mass = 0;
        double entropy = 0;
        double meanLog = 0;
        for (double log = Math.log(1e-7); log < Math.log(1e4); log += step) {
            double r = Math.exp(log);
            double logDensity = ToyDensity.SCALES.logDensity(0.6 * r, -0.8 * r);
            double share = Math.exp(logDensity) * 2 * Math.PI * r * r * step;
            mass += share;
            entropy -= share * logDensity;
            meanLog += share * log;
        }
        assertThat(mass).isCloseTo(1, within(1e-6));
        double[][] points = draws(ToyDensity.SCALES);
        requireMean("entropy", each(points, point -> -ToyDensity.SCALES.logDensity(point)), entropy);
        requireMean("log r", each(points, point -> Math.log(Math.hypot(point[0], point[1]))), meanLog);
    }

    /** Over the whole line, by {@code x = sinh(t)}: heavy tails end where t does. */
    private static double integral(DoubleUnaryOperator density) {
        double step = 1e-3;
        double sum = 0;
        for (double t = -14 + step / 2; t < 14; t += step) {
            sum += density.applyAsDouble(Math.sinh(t)) * Math.cosh(t) * step;
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void eachConditionalIsOne(int column) {
        DependentColumns.Conditional conditional = DependentColumns.CONDITIONALS.get(column);
        for (int i = 0; i < 3; i++) {
            double[] before = draws(ToyDensity.CHAIN)[i];
            DoubleUnaryOperator log = x -> conditional.logDensity(x, before);
            DoubleUnaryOperator density = x -> Math.exp(log.applyAsDouble(x));
            assertThat(integral(density)).isCloseTo(1, within(1e-6));
            double[][] drawn = new double[DRAWS][1];
            long key = CounterRandom.key(5, i);
            for (int j = 0; j < DRAWS; j++) {
                drawn[j][0] = conditional.draw(new RandomStream(CounterRandom.key(key, j)), before);
            }
            requireMean(
                    "entropy",
                    each(drawn, x -> -log.applyAsDouble(x[0])),
                    integral(
                            x -> density.applyAsDouble(x) == 0 ? 0 : -density.applyAsDouble(x) * log.applyAsDouble(x)));
            requireMean("mean", each(drawn, x -> x[0]), integral(x -> x * density.applyAsDouble(x)));
            // The fifth moment of heavy tails is infinite: the cosine is bounded.
            requireMean(
                    "cosine", each(drawn, x -> Math.cos(x[0])), integral(x -> Math.cos(x) * density.applyAsDouble(x)));
        }
    }

    /** Summed over words and counts, and integrated over the logarithm of the amount. */
    @Test
    void mixedColumnsAreSummedAndIntegrated() {
        double step = 0.01;
        double mass = 0;
        double entropy = 0;
        double visits = 0;
        double spent = 0;
        for (int colour = 0; colour < 3; colour++) {
            for (int count = 0; count <= 40; count++) {
                for (int member = 0; member < 2; member++) {
                    for (double log = -3 + step / 2; log < 5; log += step) {
                        double logDensity = ToyDensity.MIXED.logDensity(colour, count, member, Math.exp(log));
                        double share = Math.exp(logDensity + log) * step;
                        mass += share;
                        entropy -= share == 0 ? 0 : share * logDensity;
                        visits += share * count;
                        spent += share * Math.exp(log);
                    }
                }
            }
        }
        assertThat(mass).isCloseTo(1, within(1e-6));
        double[][] points = draws(ToyDensity.MIXED);
        requireMean("entropy", each(points, point -> -ToyDensity.MIXED.logDensity(point)), entropy);
        requireMean("visits", each(points, point -> point[1]), visits);
        requireMean("spent", each(points, point -> point[3]), spent);
        requireMean("blue members", each(points, point -> point[0] == 2 && point[2] == 1 ? 1 : 0), 0.2 * 0.9);
        // What the parts add up to, by hand: 4.0701 in the documentation.
        assertThat(entropy).isCloseTo(4.0701, within(1e-4));
        assertThat(ToyDensity.MIXED.logDensity(0, 1.5, 0, 1)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(ToyDensity.MIXED.logDensity(0, 1, 0, -1)).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void aChainIsTheProductOfItsConditionals() {
        double[] point = draws(ToyDensity.CHAIN)[0];
        assertThat(point).hasSize(8);
        double sum = 0;
        for (int k = 0; k < 8; k++) {
            double[] before = Arrays.copyOf(point, k);
            sum += DependentColumns.CONDITIONALS.get(k).logDensity(point[k], before);
        }
        assertThat(ToyDensity.CHAIN.logDensity(point)).isEqualTo(sum);
    }
}
