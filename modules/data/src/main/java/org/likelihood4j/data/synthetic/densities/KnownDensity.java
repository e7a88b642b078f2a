package org.likelihood4j.data.synthetic.densities;

import java.util.List;
import java.util.Optional;
import org.likelihood4j.data.columns.Column;
import org.likelihood4j.random.RandomStream;

/** A density that can be drawn from and computed. */
interface KnownDensity {
    /** Those of the plane. */
    List<Column> PLANE = List.of(Column.ofNumbers("x"), Column.ofNumbers("y"));

    double LOG_2_PI = Math.log(2 * Math.PI);

    /** What the coordinates are called, and hold. */
    default List<Column> columns() {
        return PLANE;
    }

    /** Puts a point at {@code target[at]} and the places behind it. */
    void draw(RandomStream draws, double[] target, int at);

    /** In nats; {@code -Infinity} where there are no points. */
    double logDensity(double... point);

    /** The same as a formula, of a density of the plane that has one everywhere. */
    default Optional<PlaneFormula> formula() {
        return Optional.empty();
    }

    /** {@code log N(x; mean, deviation^2)}. */
    static double logNormal(double x, double mean, double deviation) {
        double z = (x - mean) / deviation;
        return -0.5 * z * z - 0.5 * LOG_2_PI - Math.log(deviation);
    }

    /** {@code log sum_k exp(a_k)}. */
    static double logSumExp(double... exponents) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double exponent : exponents) {
            largest = Math.max(largest, exponent);
        }
        double sum = 0;
        for (double exponent : exponents) {
            sum += Math.exp(exponent - largest);
        }
        return largest + Math.log(sum);
    }
}
