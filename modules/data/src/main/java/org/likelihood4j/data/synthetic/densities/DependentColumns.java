package org.likelihood4j.data.synthetic.densities;

import java.util.List;
import java.util.stream.Stream;
import org.likelihood4j.data.columns.Column;
import org.likelihood4j.random.RandomStream;

/**
 * Eight columns of which each has a density given those before, {@code p(x) = prod_k p(x_k | x_1 ... x_k-1)}: what makes tables hard,
 * one thing a column. Their constants are chosen once, so that every column deviates by 0.3 to 3.
 */
final class DependentColumns implements KnownDensity {
    /** A column given those before it. */
    interface Conditional {
        double draw(RandomStream draws, double[] before);

        double logDensity(double x, double[] before);
    }

    private static final List<Column> COLUMNS = Stream.of(
                    "two_modes", "bent", "noise_varies", "skewed", "switched", "heavy_tails", "bounded", "sum")
            .map(Column::ofNumbers)
            .toList();

    static final List<Conditional> CONDITIONALS = List.of(
            mixture(before -> 0.5, before -> -1.5, before -> 1.5, 0.5),
            normal(before -> before[0] * before[0] / 2, before -> 0.4),
            normal(before -> Math.sin(2 * before[1]), before -> 0.1 + 0.6 * sigmoid(before[0])),
            logNormal(before -> before[2] / 2, 0.5),
            mixture(before -> sigmoid(2 * before[0]), before -> -1 - before[3] / 2, before -> 1 + before[3] / 2, 0.4),
            student(before -> before[4] / 2, 0.5),
            logitNormal(before -> Math.tanh(before[5]) + before[1] / 2, 0.7),
            normal(before -> (before[0] - before[2] + before[4]) / 2, before -> 0.3));

    @Override
    public List<Column> columns() {
        return COLUMNS;
    }

    @Override
    public void draw(RandomStream draws, double[] target, int at) {
        double[] row = new double[CONDITIONALS.size()];
        for (int k = 0; k < row.length; k++) {
            row[k] = CONDITIONALS.get(k).draw(draws, row);
            target[at + k] = row[k];
        }
    }

    @Override
    public double logDensity(double... point) {
        double sum = 0;
        for (int k = 0; k < CONDITIONALS.size(); k++) {
            sum += CONDITIONALS.get(k).logDensity(point[k], point);
        }
        return sum;
    }

    /** A number that depends on the columns before. */
    private interface Given {
        double of(double[] before);
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static Conditional normal(Given mean, Given deviation) {
        return new Conditional() {
            @Override
            public double draw(RandomStream draws, double[] before) {
                return mean.of(before) + deviation.of(before) * draws.normal();
            }

            @Override
            public double logDensity(double x, double[] before) {
                return LogDensities.logNormal(x, mean.of(before), deviation.of(before));
            }
        };
    }

    private static Conditional mixture(Given share, Given low, Given high, double deviation) {
        return new Conditional() {
            @Override
            public double draw(RandomStream draws, double[] before) {
                boolean second = draws.uniform(0, 1) < share.of(before);
                return (second ? high : low).of(before) + deviation * draws.normal();
            }

            @Override
            public double logDensity(double x, double[] before) {
                double second = share.of(before);
                return LogDensities.logSumExp(
                        Math.log1p(-second) + LogDensities.logNormal(x, low.of(before), deviation),
                        Math.log(second) + LogDensities.logNormal(x, high.of(before), deviation));
            }
        };
    }

    private static Conditional logNormal(Given mean, double deviation) {
        return new Conditional() {
            @Override
            public double draw(RandomStream draws, double[] before) {
                return Math.exp(mean.of(before) + deviation * draws.normal());
            }

            @Override
            public double logDensity(double x, double[] before) {
                return x <= 0
                        ? Double.NEGATIVE_INFINITY
                        : LogDensities.logNormal(Math.log(x), mean.of(before), deviation) - Math.log(x);
            }
        };
    }

    private static Conditional logitNormal(Given mean, double deviation) {
        return new Conditional() {
            @Override
            public double draw(RandomStream draws, double[] before) {
                return sigmoid(mean.of(before) + deviation * draws.normal());
            }

            @Override
            public double logDensity(double x, double[] before) {
                return x <= 0 || x >= 1
                        ? Double.NEGATIVE_INFINITY
                        : LogDensities.logNormal(Math.log(x) - Math.log1p(-x), mean.of(before), deviation)
                                - Math.log(x)
                                - Math.log1p(-x);
            }
        };
    }

    /** Student's t of five degrees of freedom: a normal over the root of the mean of five squared ones. */
    private static Conditional student(Given location, double scale) {
        return new Conditional() {
            @Override
            public double draw(RandomStream draws, double[] before) {
                double square = 0;
                for (int i = 0; i < 5; i++) {
                    double normal = draws.normal();
                    square += normal * normal;
                }
                return location.of(before) + scale * draws.normal() / Math.sqrt(square / 5);
            }

            @Override
            public double logDensity(double x, double[] before) {
                double t = (x - location.of(before)) / scale;
                // Gamma(3) / (sqrt(5 pi) Gamma(5/2)) = 8 / (3 pi sqrt(5)).
                return Math.log(8 / (3 * Math.PI * Math.sqrt(5))) - 3 * Math.log1p(t * t / 5) - Math.log(scale);
            }
        };
    }
}
