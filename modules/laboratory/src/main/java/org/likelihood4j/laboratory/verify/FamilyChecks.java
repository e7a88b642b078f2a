package org.likelihood4j.laboratory.verify;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.likelihood4j.laboratory.verify.Formulas.Block;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.bijectors.Bijector;

/**
 * The couplings of other families than the derived one: each map against plain Java, its inverse,
 * and its log-determinant against the autodiff Jacobian's.
 */
final class FamilyChecks {
    private static final int POINTS = 8;

    private static final String HOW = "plain Java, inverse, LU of the Jacobian";

    /** Either half first, and a split without runs. */
    private static final List<Block> BLOCKS = List.of(
            new Block(List.of(false, false, true, true, true), List.of(6), 1.5),
            new Block(List.of(true, false, true, false, false), List.of(4), 1.2));

    private FamilyChecks() {}

    static Finding textbook(Formulas formulas, RandomGenerator random) {
        LargestError worst = compared(formulas.textbook(), FamilyChecks::scaled, formulas, random);
        return Finding.atMost(1e-10, "textbook coupling: exp(G) x1 + F, x2", HOW, worst.cases(), worst.error());
    }

    static Finding additive(Formulas formulas, RandomGenerator random) {
        LargestError worst = compared(formulas.additive(), FamilyChecks::shifted, formulas, random);
        return Finding.atMost(1e-10, "additive coupling: x1 + F(x2), x2", HOW, worst.cases(), worst.error());
    }

    static Finding spline(Formulas formulas, RandomGenerator random) {
        LargestError worst = compared(
                formulas.spline(),
                (plain, parameters, column, columns, x) -> splined(parameters, column, columns, x),
                formulas,
                random);
        return Finding.atMost(1e-8, "spline coupling: K rational-quadratic pieces", HOW, worst.cases(), worst.error());
    }

    /** A column of x1 of a row, mapped by a row's parameters in plain Java. */
    @FunctionalInterface
    private interface PlainMap {
        double at(PlainScales plain, double[] parameters, int column, int columns, double x);
    }

    private static LargestError compared(
            BiFunction<ParameterPath, Block, Bijector> family,
            PlainMap map,
            Formulas formulas,
            RandomGenerator random) {
        LargestError worst = new LargestError();
        for (Block block : BLOCKS) {
            Bijector bijector = family.apply(CouplingChecks.PATH, block);
            Map<String, double[]> values = formulas.values().draw(bijector.parameters(), 1, random);
            CouplingChecks.Forward forward = CouplingChecks.forward(bijector, block.dimension(), values, random);
            PlainScales plain = new PlainScales(CouplingChecks.PATH, block, values);
            for (int n = 0; n < POINTS; n++) {
                worst.compare(forward.values()[n], mapped(plain, block, map, forward.points()[n]));
                worst.compare(
                        forward.logDets()[n],
                        Matrices.logAbsDet(forward.jacobians().get(n)));
            }
            double[][] points = Draws.normal(POINTS, block.dimension(), 2, random);
            worst.compare(CouplingChecks.roundTrip(bijector, values, points, true), Matrices.flat(points));
            worst.compare(CouplingChecks.roundTrip(bijector, values, points, false), Matrices.flat(points));
        }
        return worst;
    }

    private static double[] mapped(PlainScales plain, Block block, PlainMap map, double... x) {
        int[] x1 = block.columns(false);
        double[] parameters = plain.parameters(x);
        double[] y = x.clone();
        for (int i = 0; i < x1.length; i++) {
            y[x1[i]] = map.at(plain, parameters, i, x1.length, x[x1[i]]);
        }
        return y;
    }

    private static double shifted(PlainScales plain, double[] parameters, int column, int columns, double x) {
        return x + parameters[column];
    }

    private static double scaled(PlainScales plain, double[] parameters, int column, int columns, double x) {
        return Math.exp(plain.bounded(parameters[columns + column])) * x + parameters[column];
    }

    /** By the branches of the definition: which bin, and its rational-quadratic piece. */
    static double splined(double[] parameters, int column, int columns, double x) {
        double end = Formulas.TAIL_BOUND;
        if (Math.abs(x) >= end) {
            return x;
        }
        int bins = (parameters.length / columns + 1) / 3;
        double[] raw = IntStream.range(0, 3 * bins - 1)
                .mapToDouble(i -> parameters[i * columns + column])
                .toArray();
        double[] widths = shares(Arrays.copyOfRange(raw, 0, bins));
        double[] heights = shares(Arrays.copyOfRange(raw, bins, 2 * bins));
        double left = -end;
        double bottom = -end;
        int bin = 0;
        while (left + 2 * end * widths[bin] < x) {
            left += 2 * end * widths[bin];
            bottom += 2 * end * heights[bin];
            bin++;
        }
        double slope = heights[bin] / widths[bin];
        double slopeLeft = bin == 0 ? 1 : slope(raw[2 * bins + bin - 1]);
        double slopeRight = bin == bins - 1 ? 1 : slope(raw[2 * bins + bin]);
        double xi = (x - left) / (2 * end * widths[bin]);
        double above = 2 * end * heights[bin] * (slope * xi * xi + slopeLeft * xi * (1 - xi));
        return bottom + above / (slope + (slopeLeft + slopeRight - 2 * slope) * xi * (1 - xi));
    }

    /** {@code 0.001 + (1 - 0.001 K) softmax}. */
    private static double[] shares(double... logits) {
        double sum = Arrays.stream(logits).map(Math::exp).sum();
        return Arrays.stream(logits)
                .map(logit -> 0.001 + (1 - 0.001 * logits.length) * Math.exp(logit) / sum)
                .toArray();
    }

    private static double slope(double raw) {
        double bound = Math.log(1000);
        return Math.exp(bound * Math.tanh(raw / bound));
    }
}
