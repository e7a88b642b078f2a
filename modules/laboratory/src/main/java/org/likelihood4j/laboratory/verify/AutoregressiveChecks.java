package org.likelihood4j.laboratory.verify;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.bijectors.Bijector;

/**
 * Autoregressive steps, affine and of splines: each map against plain Java, its inverse, and its log-determinant against the
 * autodiff Jacobian's, which is triangular.
 */
final class AutoregressiveChecks {
    private static final String HOW = "plain Java, inverse, LU of the Jacobian";

    /** Of the step's network: wider than there are columns, and narrower. */
    private static final List<Integer> HIDDEN = List.of(7, 3);

    private static final double BOUND = 1.2;

    private static final int POINTS = 8;
    private static final int COLUMNS = 4;

    private AutoregressiveChecks() {}

    static Finding affine(Formulas formulas, RandomGenerator random) {
        LargestError worst = compared(formulas.autoregressive(), AutoregressiveChecks::scaled, formulas, random);
        return Finding.atMost(1e-9, "autoregressive: exp(G(x_<i)) x_i + F(x_<i)", HOW, worst.cases(), worst.error());
    }

    static Finding spline(Formulas formulas, RandomGenerator random) {
        LargestError worst = compared(
                formulas.autoregressiveSpline(),
                (parameters, i, x) -> FamilyChecks.splined(parameters, i, COLUMNS, x),
                formulas,
                random);
        return Finding.atMost(1e-8, "spline autoregressive: K pieces, by x_<i", HOW, worst.cases(), worst.error());
    }

    /** A column of a row, mapped by what the network makes of those before it. */
    @FunctionalInterface
    private interface PlainMap {
        double at(double[] parameters, int column, double x);
    }

    private static LargestError compared(
            BiFunction<ParameterPath, Formulas.Step, Bijector> family,
            PlainMap map,
            Formulas formulas,
            RandomGenerator random) {
        LargestError worst = new LargestError();
        Bijector step = family.apply(CouplingChecks.PATH, new Formulas.Step(COLUMNS, HIDDEN, BOUND));
        Map<String, double[]> values = formulas.values().draw(step.parameters(), 1, random);
        CouplingChecks.Forward forward = CouplingChecks.forward(step, COLUMNS, values, random);
        for (int n = 0; n < POINTS; n++) {
            worst.compare(forward.values()[n], mapped(values, map, forward.points()[n]));
            double[][] jacobian = forward.jacobians().get(n);
            worst.compare(forward.logDets()[n], Matrices.logAbsDet(jacobian));
            for (int i = 0; i < COLUMNS; i++) {
                for (int j = i + 1; j < COLUMNS; j++) {
                    worst.compare(jacobian[i][j], 0);
                }
            }
        }
        double[][] points = Draws.normal(POINTS, COLUMNS, 2, random);
        worst.compare(CouplingChecks.roundTrip(step, values, points, true), Matrices.flat(points));
        worst.compare(CouplingChecks.roundTrip(step, values, points, false), Matrices.flat(points));
        return worst;
    }

    private static double[] mapped(Map<String, double[]> values, PlainMap map, double... x) {
        int[] degrees = degrees(COLUMNS, COLUMNS, 1);
        double[] hidden = x;
        for (int layer = 0; layer < HIDDEN.size(); layer++) {
            int[] next = degrees(HIDDEN.get(layer), COLUMNS - 1, 1);
            hidden = dense(values, "layer" + layer, hidden, degrees, next, 0);
            for (int i = 0; i < hidden.length; i++) {
                hidden[i] = Math.tanh(hidden[i]);
            }
            degrees = next;
        }
        String bias = CouplingChecks.PATH.child("conditioner").prefix() + "/output/bias";
        int[] columns = new int[values.get(bias).length];
        Arrays.setAll(columns, i -> 1 + i % COLUMNS);
        double[] parameters = dense(values, "output", hidden, degrees, columns, 1);
        double[] y = new double[COLUMNS];
        Arrays.setAll(y, i -> map.at(parameters, i, x[i]));
        return y;
    }

    /** F stands before g. */
    private static double scaled(double[] parameters, int column, double x) {
        return Math.exp(BOUND * Math.tanh(parameters[COLUMNS + column] / BOUND)) * x + parameters[column];
    }

    /** So many degrees, from the lowest on, among units in order. */
    private static int[] degrees(int units, int count, int lowest) {
        int[] degrees = new int[units];
        Arrays.setAll(degrees, k -> lowest + k * count / units);
        return degrees;
    }

    /** A unit hears those whose degree is lower than its own by at least so much. */
    private static double[] dense(
            Map<String, double[]> values, String name, double[] x, int[] heard, int[] hearing, int lower) {
        String path = CouplingChecks.PATH.child("conditioner").prefix() + "/" + name;
        double[] weight = values.get(path + "/weight");
        double[] y = values.get(path + "/bias").clone();
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < y.length; j++) {
                y[j] += heard[i] + lower <= hearing[j] ? x[i] * weight[i * y.length + j] : 0;
            }
        }
        return y;
    }
}
