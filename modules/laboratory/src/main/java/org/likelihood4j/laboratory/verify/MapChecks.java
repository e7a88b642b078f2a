package org.likelihood4j.laboratory.verify;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.EventShape.FeatureMap;
import org.likelihood4j.models.bijectors.ActNorm;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.bijectors.coupling.ChannelSplit;
import org.likelihood4j.models.bijectors.coupling.CheckerboardSplit;
import org.likelihood4j.models.bijectors.coupling.Multiscale;
import org.likelihood4j.models.bijectors.coupling.Split;

/**
 * The bijectors of feature maps: each against plain Java, its inverse, and its log-determinant
 * against the autodiff Jacobian's.
 */
final class MapChecks {
    private static final int POINTS = 6;
    private static final String HOW = "plain Java, inverse, LU of the Jacobian";

    private MapChecks() {}

    static Finding norm(Formulas formulas, RandomGenerator random) {
        LargestError worst = new LargestError();
        FeatureMap shape = EventShape.featureMap(2, 2, 3);
        Bijector bijector = formulas.maps().norm().apply(CouplingChecks.PATH, shape);
        Map<String, double[]> values = formulas.values().draw(bijector.parameters(), 1, random);
        compare(bijector, values, x -> normalized("block", values, x), random, worst);
        return finding("ActNorm: exp(l) x + b", worst);
    }

    private static double[] normalized(String path, Map<String, double[]> values, double... x) {
        double[] raw = values.get(path + "/scale");
        double[] bias = values.get(path + "/bias");
        double[] y = new double[x.length];
        Arrays.setAll(y, i -> Math.exp(bounded(raw[i % raw.length])) * x[i] + bias[i % raw.length]);
        return y;
    }

    static Finding mixing(Formulas formulas, RandomGenerator random) {
        LargestError worst = new LargestError();
        FeatureMap shape = EventShape.featureMap(1, 2, 4);
        Bijector bijector = formulas.maps().mixing().apply(CouplingChecks.PATH, shape);
        // Small enough for triangles whose inverse keeps the digits that are asked for.
        Map<String, double[]> values = formulas.values().draw(bijector.parameters(), 0.5, random);
        int channels = shape.channels();
        double[][] factors = Matrices.rows(values.get("block/factors"), channels);
        double[][] lower = Matrices.identity(channels);
        double[][] upper = new double[channels][channels];
        for (int i = 0; i < channels; i++) {
            for (int j = 0; j < channels; j++) {
                if (i > j) {
                    lower[i][j] = factors[i][j];
                } else {
                    upper[i][j] = i == j ? Math.exp(bounded(factors[i][j])) : factors[i][j];
                }
            }
        }
        double[][] matrix = Matrices.transpose(Matrices.multiply(lower, upper));
        compare(
                bijector,
                values,
                x -> {
                    double[][] rows = Matrices.rows(x, channels);
                    for (int place = 0; place < rows.length; place++) {
                        double[] reversed = new double[channels];
                        for (int i = 0; i < channels; i++) {
                            reversed[i] = rows[place][channels - 1 - i];
                        }
                        rows[place] = Matrices.multiply(matrix, reversed);
                    }
                    return Matrices.flat(rows);
                },
                random,
                worst);
        return finding("1x1 convolution: x P L (U + diag exp(l))", worst);
    }

    static Finding squeeze(Formulas formulas, RandomGenerator random) {
        LargestError worst = new LargestError();
        FeatureMap shape = EventShape.featureMap(2, 4, 2);
        Bijector bijector = formulas.maps().squeeze().apply(shape);
        FeatureMap made = EventShape.featureMap(1, 2, 8);
        compare(
                bijector,
                Map.of(),
                x -> {
                    double[] y = new double[x.length];
                    for (int row = 0; row < shape.height(); row++) {
                        for (int column = 0; column < shape.width(); column++) {
                            int corner = 2 * (row % 2) + column % 2;
                            for (int channel = 0; channel < 2; channel++) {
                                y[made.position(row / 2, column / 2, 2 * corner + channel)] =
                                        x[shape.position(row, column, channel)];
                            }
                        }
                    }
                    return y;
                },
                random,
                worst);
        return finding("squeeze: 2 x 2 places are one", worst);
    }

    static Finding coupling(Formulas formulas, RandomGenerator random) {
        LargestError worst = new LargestError();
        FeatureMap shape = EventShape.featureMap(3, 2, 2);
        for (int parity = 0; parity < 2; parity++) {
            int transformed = parity;
            compareCoupling(
                    new CheckerboardSplit(shape, parity),
                    i -> (i / 4 + i / 2 % 2) % 2 == transformed,
                    formulas,
                    random,
                    worst);
        }
        compareCoupling(ChannelSplit.transformFirst(shape, 1), i -> i % 2 == 0, formulas, random, worst);
        compareCoupling(ChannelSplit.transformRest(shape, 1), i -> i % 2 == 1, formulas, random, worst);
        return finding("coupling of maps: checkerboard, channels", worst);
    }

    /** Which columns of a 3 x 2 map of two channels are x1. */
    private interface Columns {
        boolean transformed(int column);
    }

    private static void compareCoupling(
            Split split, Columns x1, Formulas formulas, RandomGenerator random, LargestError worst) {
        Bijector bijector = formulas.maps().coupling().apply(CouplingChecks.PATH, split);
        // Sums over windows are large enough without large weights.
        Map<String, double[]> values = formulas.values().draw(bijector.parameters(), 0.4, random);
        boolean channels = split instanceof ChannelSplit;
        compare(
                bijector,
                values,
                x -> {
                    double[] parameters = network(values, channels, seen(x1, channels, x));
                    double[] r = values.get("block/scale");
                    double[] y = new double[x.length];
                    int next = 0;
                    for (int i = 0; i < x.length; i++) {
                        // At each place first F of the channels that a network is about, then g.
                        int made = channels ? 1 : 2;
                        int at = channels ? 2 * (i / 2) : 4 * (i / 2) + i % 2;
                        y[i] = x1.transformed(i)
                                ? Math.exp(bounded(parameters[at + made])) * x[i] + parameters[at]
                                : Math.exp(bounded(r[next++])) * x[i];
                    }
                    return y;
                },
                random,
                worst);
    }

    /** Of a checkerboard the map with zeros at x1's places, of channels those of x2. */
    private static double[] seen(Columns x1, boolean channels, double... x) {
        double[] seen = new double[channels ? x.length / 2 : x.length];
        for (int i = 0; i < x.length; i++) {
            if (!x1.transformed(i)) {
                seen[channels ? i / 2 : i] = x[i];
            }
        }
        return seen;
    }

    private static double[] network(Map<String, double[]> values, boolean channels, double... x) {
        int in = channels ? 1 : 2;
        double[] hidden = convolved(values, "block/conditioner/first", in, Formulas.MapForms.CHANNELS, x);
        for (int i = 0; i < hidden.length; i++) {
            hidden[i] = Math.max(hidden[i], 0);
        }
        return convolved(values, "block/conditioner/output", Formulas.MapForms.CHANNELS, 2 * in, hidden);
    }

    /** A 3x3 convolution of a 3 x 2 map. */
    private static double[] convolved(Map<String, double[]> values, String path, int in, int out, double... x) {
        double[] weight = values.get(path + "/weight");
        double[] bias = values.get(path + "/bias");
        double[] y = new double[6 * out];
        for (int place = 0; place < 6; place++) {
            for (int o = 0; o < out; o++) {
                y[place * out + o] = bias[o];
            }
            for (int tap = 0; tap < 9; tap++) {
                int row = place / 2 + tap / 3 - 1;
                int column = place % 2 + tap % 3 - 1;
                if (row >= 0 && row < 3 && column >= 0 && column < 2) {
                    for (int k = 0; k < in; k++) {
                        for (int o = 0; o < out; o++) {
                            y[place * out + o] += x[(2 * row + column) * in + k] * weight[(tap * in + k) * out + o];
                        }
                    }
                }
            }
        }
        return y;
    }

    /** Two scales of norms: the first channel leaves behind the first one. */
    static Finding multiscale(Formulas formulas, RandomGenerator random) {
        LargestError worst = new LargestError();
        Bijector first = new ActNorm(
                CouplingChecks.PATH.child("first"), EventShape.featureMap(2, 2, 3), Formulas.MapForms.BOUND);
        Bijector second = new ActNorm(
                CouplingChecks.PATH.child("second"), EventShape.featureMap(2, 2, 2), Formulas.MapForms.BOUND);
        Bijector bijector = formulas.maps()
                .multiscale()
                .apply(List.of(new Multiscale.Scale(first, 1), new Multiscale.Scale(second, 2)));
        Map<String, double[]> values = formulas.values().draw(bijector.parameters(), 1, random);
        compare(
                bijector,
                values,
                x -> {
                    double[] made = normalized("block/first", values, x);
                    double[] left = new double[8];
                    Arrays.setAll(left, i -> made[3 * (i / 2) + 1 + i % 2]);
                    double[] rest = normalized("block/second", values, left);
                    double[] z = new double[12];
                    Arrays.setAll(z, i -> i < 4 ? made[3 * i] : rest[i - 4]);
                    return z;
                },
                random,
                worst);
        return finding("scales: latents leave, log-dets add", worst);
    }

    /** Points of different classes, one beside the other. */
    static Finding classes(Formulas formulas, RandomGenerator random) {
        LargestError worst = new LargestError();
        FeatureMap shape = EventShape.featureMap(2, 1, 2);
        int size = shape.size();
        Bijector bijector = formulas.maps().classes().apply(CouplingChecks.PATH, shape);
        Map<String, double[]> values = formulas.values().draw(bijector.parameters(), 1, random);
        double[] raw = values.get("block/scale");
        double[] bias = values.get("block/bias");
        int classes = Formulas.MapForms.CLASSES.classes();
        IntFunction<UnaryOperator<double[]>> plain = point -> x -> {
            double[] z = new double[size];
            int from = point % classes * size;
            Arrays.setAll(z, i -> Math.exp(bounded(raw[from + i])) * x[i] + bias[from + i]);
            return z;
        };
        Map<String, double[][]> told = Map.of(Formulas.MapForms.CLASSES.name(), Matrices.identity(classes));
        compare(bijector, values, told, plain, random, worst);
        return finding("base of a class y: exp(l_y) x + b_y", worst);
    }

    private static void compare(
            Bijector bijector,
            Map<String, double[]> values,
            UnaryOperator<double[]> plain,
            RandomGenerator random,
            LargestError worst) {
        compare(bijector, values, Map.of(), point -> plain, random, worst);
    }

    /** @param plain the map at each point */
    private static void compare(
            Bijector bijector,
            Map<String, double[]> values,
            Map<String, double[][]> told,
            IntFunction<UnaryOperator<double[]>> plain,
            RandomGenerator random,
            LargestError worst) {
        int dimension = bijector.inputShape().size();
        CouplingChecks.Forward forward = CouplingChecks.forward(bijector, dimension, values, told, random);
        for (int n = 0; n < POINTS; n++) {
            worst.compare(forward.values()[n], plain.apply(n).apply(forward.points()[n]));
            worst.compare(
                    forward.logDets()[n], Matrices.logAbsDet(forward.jacobians().get(n)));
        }
        double[][] points = Draws.normal(POINTS, dimension, 2, random);
        worst.compare(CouplingChecks.roundTrip(bijector, values, told, points, true), Matrices.flat(points));
        worst.compare(CouplingChecks.roundTrip(bijector, values, told, points, false), Matrices.flat(points));
    }

    private static double bounded(double raw) {
        return Formulas.MapForms.BOUND * Math.tanh(raw / Formulas.MapForms.BOUND);
    }

    private static Finding finding(String formula, LargestError worst) {
        return Finding.atMost(1e-9, formula, HOW, worst.cases(), worst.error());
    }
}
