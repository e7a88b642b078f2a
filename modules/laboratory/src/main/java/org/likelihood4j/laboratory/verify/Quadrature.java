package org.likelihood4j.laboratory.verify;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * Points and weights whose weighted sum is an expectation over {@code eps ~ N(0, I)}.
 *
 * @param points {@code [count][dimensions]}
 * @param weights they add up to 1
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Quadrature(double[][] points, double[] weights) {
    /**
     * The product of Gauss-Hermite rules: exact for polynomials of degree up to {@code 2 nodes - 1} in each dimension.
     *
     * <p>The nodes are the roots of the Hermite polynomial He_n, found by bisection between those of He_(n-1), which they
     * interlace; the weights are {@code n! / (n He_(n-1)(x))^2}.
     */
    static Quadrature gaussHermite(int nodes, int dimensions) {
        double[] roots = {};
        for (int degree = 1; degree <= nodes; degree++) {
            roots = roots(degree, roots);
        }
        double[] weights = new double[nodes];
        double sum = 0;
        for (int i = 0; i < nodes; i++) {
            double h = hermite(nodes - 1, roots[i]);
            // Up to a factor that is the same for all.
            weights[i] = 1 / (h * h);
            sum += weights[i];
        }
        int count = (int) Math.round(Math.pow(nodes, dimensions));
        double[][] points = new double[count][dimensions];
        double[] products = new double[count];
        for (int i = 0; i < count; i++) {
            products[i] = 1;
            int index = i;
            for (int d = 0; d < dimensions; d++) {
                points[i][d] = roots[index % nodes];
                products[i] *= weights[index % nodes] / sum;
                index /= nodes;
            }
        }
        return new Quadrature(points, products);
    }

    int count() {
        return weights.length;
    }

    /** The weighted sum of {@code values}, one for each point. */
    double mean(double... values) {
        return Matrices.dot(weights, values);
    }

    double variance(double... values) {
        double mean = mean(values);
        return mean(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).toArray());
    }

    /** The trapezoidal rule: for smooth functions that vanish at both ends its error falls faster than any power. */
    public static double integrate(DoubleUnaryOperator f, double from, double to, int intervals) {
        double h = (to - from) / intervals;
        double sum = 0.5 * (f.applyAsDouble(from) + f.applyAsDouble(to));
        for (int i = 1; i < intervals; i++) {
            sum += f.applyAsDouble(from + i * h);
        }
        return h * sum;
    }

    private static double[] roots(int degree, double[] before) {
        double edge = 2 * Math.sqrt(degree) + 1;
        double[] roots = new double[degree];
        for (int i = 0; i < degree; i++) {
            double low = i == 0 ? -edge : before[i - 1];
            double high = i == degree - 1 ? edge : before[i];
            double sign = Math.signum(hermite(degree, high));
            for (int step = 0; step < 100; step++) {
                double middle = 0.5 * (low + high);
                if (hermite(degree, middle) * sign > 0) {
                    high = middle;
                } else {
                    low = middle;
                }
            }
            roots[i] = 0.5 * (low + high);
        }
        return roots;
    }

    /** {@code He_n / sqrt(n!)}, which stays of moderate size: {@code sqrt(n + 1) h_(n+1) = x h_n - sqrt(n) h_(n-1)}. */
    private static double hermite(int n, double x) {
        double previous = 0;
        double current = 1;
        for (int k = 0; k < n; k++) {
            double next = (x * current - Math.sqrt(k) * previous) / Math.sqrt(k + 1.0);
            previous = current;
            current = next;
        }
        return current;
    }
}
