package org.likelihood4j.models.densities;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.models.BoundGraph;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.PlainMath;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What every density must do. A new density is one line in {@link #densities} and its formula in
 * plain Java.
 */
class DensityContractTest {
    /** One column of a factorised density, in plain Java, given that column's parameters. */
    private enum Truth {
        NORMAL {
            @Override
            double logProb(double x, double... theta) {
                return PlainMath.logNormal(x, 0, 1);
            }

            @Override
            double mean(double... theta) {
                return 0;
            }

            @Override
            double variance(double... theta) {
                return 1;
            }
        },
        /** theta: mean, log-variance. */
        GAUSSIAN {
            @Override
            double logProb(double x, double... theta) {
                return PlainMath.logNormal(x, theta[0], Math.exp(theta[1]));
            }

            @Override
            double mean(double... theta) {
                return theta[0];
            }

            @Override
            double variance(double... theta) {
                return Math.exp(theta[1]);
            }
        },
        /** theta: logit. */
        BERNOULLI {
            @Override
            double logProb(double x, double... theta) {
                return x == 1 ? -PlainMath.softplus(-theta[0]) : -PlainMath.softplus(theta[0]);
            }

            @Override
            double mean(double... theta) {
                return PlainMath.sigmoid(theta[0]);
            }

            @Override
            double variance(double... theta) {
                return mean(theta) * (1 - mean(theta));
            }
        },
        /** theta: mean, log-scale; whole numbers. */
        LOGISTIC {
            @Override
            double logProb(double x, double... theta) {
                return LOGISTIC_BETWEEN.logProb(x, theta[0], theta[1], -1e9, 1e9);
            }

            @Override
            double mean(double... theta) {
                return LOGISTIC_BETWEEN.mean(theta[0], theta[1], -1e9, 1e9);
            }

            @Override
            double variance(double... theta) {
                return LOGISTIC_BETWEEN.variance(theta[0], theta[1], -1e9, 1e9);
            }
        },
        /** theta: mean, log-scale, the smallest and the largest number. */
        LOGISTIC_BETWEEN {
            @Override
            double logProb(double x, double... theta) {
                double s = Math.exp(theta[1]);
                double above = x == theta[3] ? 0 : PlainMath.sigmoid(-(x + 0.5 - theta[0]) / s);
                double below = x == theta[2] ? 0 : PlainMath.sigmoid((x - 0.5 - theta[0]) / s);
                double far = (Math.abs(x - theta[0]) - 0.5) / s;
                if (far > 30 && x != theta[2] && x != theta[3]) {
                    // The tail is exponential there.
                    return -far + Math.log1p(-Math.exp(-1 / s));
                } else if (x > theta[0]) {
                    return Math.log((x == theta[2] ? 1 : PlainMath.sigmoid(-(x - 0.5 - theta[0]) / s)) - above);
                }
                return Math.log((x == theta[3] ? 1 : PlainMath.sigmoid((x + 0.5 - theta[0]) / s)) - below);
            }

            @Override
            double mean(double... theta) {
                return moment(0, theta);
            }

            @Override
            double variance(double... theta) {
                double mean = mean(theta);
                return moment(2, theta[0], theta[1], theta[2], theta[3], mean);
            }

            /** Of the distance from the mean, which is the fifth; of power 0 the mean. */
            private double moment(int power, double... theta) {
                double sum = 0;
                for (double k = Math.max(theta[2], -200); k <= Math.min(theta[3], 200); k++) {
                    double p = Math.exp(logProb(k, theta));
                    sum += p * (power == 0 ? k : Math.pow(k - theta[4], power));
                }
                return sum;
            }
        };

        boolean isDiscrete() {
            return this != NORMAL && this != GAUSSIAN;
        }

        abstract double logProb(double x, double... theta);

        abstract double mean(double... theta);

        abstract double variance(double... theta);
    }

    /**
     * A density under test.
     *
     * @param parameters one row for each kind of parameter (such as mean, log-variance), {@code
     *     size} columns
     * @param extremes rows of the same kinds that are tried for overflow
     */
    private record Case(
            String name,
            int size,
            List<List<Double>> parameters,
            List<List<Double>> extremes,
            Truth truth,
            BiFunction<GraphBuilder, List<SDVariable>, Density> build) {
        double[] theta(List<List<Double>> rows, int column) {
            return rows.stream().mapToDouble(row -> row.get(column)).toArray();
        }

        double logProb(List<List<Double>> rows, double... x) {
            double sum = 0;
            for (int i = 0; i < size; i++) {
                sum += truth.logProb(x[i], theta(rows, i));
            }
            return sum;
        }

        double[][] points(int rows, long seed) {
            double[][] points = PlainMath.uniform(
                    rows, size, truth == Truth.BERNOULLI ? 0 : -3, truth == Truth.BERNOULLI ? 1 : 3, seed);
            return truth.isDiscrete()
                    ? Arrays.stream(points)
                            .map(row -> Arrays.stream(row).map(Math::rint).toArray())
                            .toArray(double[][]::new)
                    : points;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Case> densities() {
        return Stream.of(
                normal("standard normal", 3),
                normal("standard normal, one column", 1),
                gaussian("Gaussian", List.of(0.5, -1.0, 2.0), List.of(-2.0, 0.3, 1.0)),
                gaussian("Gaussian, one column", List.of(0.7), List.of(-1.4)),
                bernoulli("Bernoulli", List.of(0.4, -1.5, 2.5)),
                bernoulli("Bernoulli, one column", List.of(-0.8)),
                logistic("discretised logistic", List.of(0.4, -1.5, 2.0), List.of(0.3, -1.0, 1.5)),
                logistic("discretised logistic, one column", List.of(0.2), List.of(-0.5)),
                ended("discretised logistic with ends", List.of(0.4, -2.5), List.of(0.3, 1.0)));
    }

    private static Case logistic(String name, List<Double> mean, List<Double> logScale) {
        int size = mean.size();
        return new Case(
                name,
                size,
                List.of(mean, logScale),
                List.of(same(size, 40), alternating(size, 4)),
                Truth.LOGISTIC,
                (g, p) -> new DiscretizedLogistic(
                        g, wholeNumbers(g, size, DiscretizedLogistic.Ends.none()), p.get(0), p.get(1)));
    }

    /** Between -3 and 3. */
    private static Case ended(String name, List<Double> mean, List<Double> logScale) {
        int size = mean.size();
        List<Double> low = same(size, -3);
        List<Double> high = same(size, 3);
        return new Case(
                name,
                size,
                List.of(mean, logScale, low, high),
                List.of(same(size, 40), alternating(size, 4), low, high),
                Truth.LOGISTIC_BETWEEN,
                (g, p) -> new DiscretizedLogistic(
                        g, wholeNumbers(g, size, new DiscretizedLogistic.Ends(-3, 3)), p.get(0), p.get(1)));
    }

    private static DiscretizedLogistic.Scale wholeNumbers(GraphBuilder g, int size, DiscretizedLogistic.Ends ends) {
        return new DiscretizedLogistic.Scale(
                Collections.nCopies(size, ends),
                g.sameDiff().constant(Nd4j.zeros(g.type(), 1, size)),
                g.sameDiff().constant(Nd4j.ones(g.type(), 1, size)));
    }

    private static Case normal(String name, int size) {
        return new Case(
                name,
                size,
                List.of(),
                List.of(),
                Truth.NORMAL,
                (g, parameters) -> new StandardNormal(g, EventShape.row(size)));
    }

    private static Case gaussian(String name, List<Double> mean, List<Double> logVariance) {
        int size = mean.size();
        return new Case(
                name,
                size,
                List.of(mean, logVariance),
                List.of(same(size, 0.5), alternating(size, 50)),
                Truth.GAUSSIAN,
                (g, parameters) -> new DiagonalGaussian(g, EventShape.row(size), parameters.get(0), parameters.get(1)));
    }

    private static Case bernoulli(String name, List<Double> logits) {
        int size = logits.size();
        return new Case(
                name,
                size,
                List.of(logits),
                List.of(alternating(size, 100)),
                Truth.BERNOULLI,
                (g, parameters) -> new Bernoulli(g, EventShape.row(size), parameters.get(0)));
    }

    private static List<Double> same(int size, double value) {
        return Stream.generate(() -> value).limit(size).toList();
    }

    private static List<Double> alternating(int size, double value) {
        return Stream.iterate(-value, v -> -v).limit(size).toList();
    }

    /**
     * A graph with the density's parameters as variables p0, p1, ... {@code [N, size]}, the same
     * for each row.
     */
    private static final class Build {
        final GraphBuilder g;
        final Density density;
        final List<String> names = new ArrayList<>();

        Build(Case c, List<List<Double>> parameters, int rows, DataType type) {
            g = new GraphBuilder(type);
            List<SDVariable> variables = new ArrayList<>();
            for (List<Double> row : parameters) {
                double[] values = row.stream().mapToDouble(v -> v).toArray();
                names.add("p" + names.size());
                variables.add(g.sameDiff()
                        .var(
                                "p" + variables.size(),
                                Nd4j.createFromArray(PlainMath.tile(values, rows))
                                        .castTo(type)));
            }
            density = c.build().apply(g, variables);
        }

        SDVariable constant(double[][] values) {
            return g.sameDiff().constant("points", Nd4j.createFromArray(values).castTo(g.type()));
        }

        double[] logProb(double[][] x) {
            SDVariable logProb = density.logProb(constant(x));
            return new BoundGraph(g.sameDiff(), Map.of())
                    .run(logProb.name(), Map.of())
                    .toDoubleVector();
        }
    }

    @ParameterizedTest
    @MethodSource("densities")
    void logProbIsThePlainFormulaForAnyBatchSize(Case c) {
        for (int rows : new int[] {1, 5}) {
            double[][] x = c.points(rows, 1);
            double[] actual = new Build(c, c.parameters(), rows, DataType.DOUBLE).logProb(x);
            assertThat(actual).hasSize(rows);
            for (int n = 0; n < rows; n++) {
                assertThat(actual[n]).isCloseTo(c.logProb(c.parameters(), x[n]), within(1e-12));
            }
        }
    }

    /** Continuous densities of one column by the trapezoidal rule, discrete ones by enumeration. */
    @ParameterizedTest
    @MethodSource("densities")
    void totalProbabilityIsOne(Case c) {
        if (c.truth() == Truth.BERNOULLI) {
            int images = 1 << c.size();
            double[][] x = new double[images][c.size()];
            for (int i = 0; i < images; i++) {
                for (int j = 0; j < c.size(); j++) {
                    x[i][j] = i >> j & 1;
                }
            }
            assertThat(total(c, x)).isCloseTo(1, within(1e-12));
        } else if (c.truth().isDiscrete()) {
            int each = c.truth() == Truth.LOGISTIC ? 121 : 7;
            int count = c.truth() == Truth.LOGISTIC && c.size() > 1 ? 0 : (int) Math.pow(each, c.size());
            double[][] x = new double[Math.max(1, count)][c.size()];
            for (int i = 0; i < count; i++) {
                for (int j = 0; j < c.size(); j++) {
                    x[i][j] = i / (int) Math.pow(each, j) % each - each / 2;
                }
            }
            assertThat(count == 0 ? 1 : total(c, x)).isCloseTo(1, within(1e-12));
        } else if (c.size() == 1) {
            double h = 0.05;
            double[][] x = new double[801][1];
            Arrays.setAll(x, i -> new double[] {(i - 400) * h});
            assertThat(h * total(c, x)).isCloseTo(1, within(1e-9));
        }
    }

    private static double total(Case c, double[][] x) {
        double[] logProb = new Build(c, c.parameters(), x.length, DataType.DOUBLE).logProb(x);
        return Arrays.stream(logProb).map(Math::exp).sum();
    }

    /**
     * Within four standard errors, the error of the sample variance taken from the squared
     * deviations.
     */
    @ParameterizedTest
    @MethodSource("densities")
    void samplesHaveTheMeanAndTheVariance(Case c) {
        int rows = 20_000;
        Build build = new Build(c, c.parameters(), rows, DataType.DOUBLE);
        double[][] noise = c.truth().isDiscrete()
                ? PlainMath.uniform(rows, c.size(), 0, 1, 2)
                : PlainMath.normal(rows, c.size(), 2);
        SDVariable sample = build.density.sample(build.constant(noise)).mul(1.0);
        double[][] draws = BoundGraph.matrix(new BoundGraph(build.g.sameDiff(), Map.of()).run(sample.name(), Map.of()));
        for (int i = 0; i < c.size(); i++) {
            double[] draw = PlainMath.column(draws, i);
            double mean = c.truth().mean(c.theta(c.parameters(), i));
            double variance = c.truth().variance(c.theta(c.parameters(), i));
            assertThat(PlainMath.mean(draw)).isCloseTo(mean, within(4 * PlainMath.standardError(draw)));
            double[] squares =
                    Arrays.stream(draw).map(v -> (v - mean) * (v - mean)).toArray();
            assertThat(PlainMath.mean(squares)).isCloseTo(variance, within(4 * PlainMath.standardError(squares)));
        }
    }

    @ParameterizedTest
    @MethodSource("densities")
    void gradientsAreThoseOfCentralDifferences(Case c) {
        for (int rows : new int[] {1, 3}) {
            Build build = new Build(c, c.parameters(), rows, DataType.DOUBLE);
            SDVariable x = build.g.sameDiff().var("x", Nd4j.createFromArray(c.points(rows, 3)));
            SDVariable logProb = build.density.logProb(x);
            SDVariable loss = logProb.mul(logProb).sum();
            List<String> names = new ArrayList<>(build.names.subList(0, Math.min(2, build.names.size())));
            names.add("x");
            new BoundGraph(build.g.sameDiff(), Map.of()).checkGradients(loss.name(), names, Map.of(), 2, 4);
        }
    }

    @ParameterizedTest
    @MethodSource("densities")
    void extremeParametersStayFiniteAndRightInFloat32(Case c) {
        double[][] x = c.points(4, 5);
        Build build = new Build(c, c.extremes(), 4, DataType.FLOAT);
        SDVariable logProb = build.density.logProb(build.constant(x));
        SDVariable loss = logProb.sum();
        BoundGraph graph = new BoundGraph(build.g.sameDiff(), Map.of());
        double[] actual = graph.run(logProb.name(), Map.of()).toDoubleVector();
        for (int n = 0; n < 4; n++) {
            double expected = c.logProb(c.extremes(), x[n]);
            assertThat(actual[n]).isFinite().isCloseTo(expected, within(1e-5 * (1 + Math.abs(expected))));
        }
        List<String> names = build.names.subList(0, Math.min(2, build.names.size()));
        if (!names.isEmpty()) {
            graph.gradients(loss.name(), names, Map.of())
                    .forEach((name, gradient) -> assertThat(
                                    Arrays.stream(BoundGraph.matrix(gradient)).flatMapToDouble(Arrays::stream))
                            .as(name)
                            .allMatch(Double::isFinite));
        }
    }
}
