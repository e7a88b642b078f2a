package org.likelihood4j.models;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/** The independent truths: small float64 formulas in plain Java. */
public final class PlainMath {
    public static final double LOG_2_PI = Math.log(2 * Math.PI);

    private PlainMath() {}

    public static double logNormal(double x, double mean, double variance) {
        return -0.5 * ((x - mean) * (x - mean) / variance + Math.log(variance) + LOG_2_PI);
    }

    /** log(1 + exp(x)). */
    public static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    public static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    public static double logSumExp(double... values) {
        double largest = Arrays.stream(values).max().orElseThrow();
        return largest
                + Math.log(Arrays.stream(values).map(v -> Math.exp(v - largest)).sum());
    }

    /**
     * The log-density at z of a mixture of diagonal Gaussians, row k of means and log-variances its
     * k-th component.
     */
    public static double logMixture(double[] logits, double[] means, double[] logVariances, double... z) {
        double[] terms = new double[logits.length];
        for (int k = 0; k < terms.length; k++) {
            terms[k] = logits[k] - logSumExp(logits);
            for (int j = 0; j < z.length; j++) {
                int at = k * z.length + j;
                terms[k] += logNormal(z[j], means[at], Math.exp(logVariances[at]));
            }
        }
        return logSumExp(terms);
    }

    /** The log of the absolute determinant, by LU with partial pivoting. */
    public static double logAbsDet(double[][] matrix) {
        double[][] a = Arrays.stream(matrix).map(double[]::clone).toArray(double[][]::new);
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            int pivot = k;
            for (int i = k + 1; i < a.length; i++) {
                pivot = Math.abs(a[i][k]) > Math.abs(a[pivot][k]) ? i : pivot;
            }
            double[] swap = a[k];
            a[k] = a[pivot];
            a[pivot] = swap;
            sum += Math.log(Math.abs(a[k][k]));
            for (int i = k + 1; i < a.length; i++) {
                double factor = a[i][k] / a[k][k];
                for (int j = k; j < a.length; j++) {
                    a[i][j] -= factor * a[k][j];
                }
            }
        }
        return sum;
    }

    /** The inverse of a small matrix, by Gauss-Jordan with partial pivoting. */
    public static double[][] inverse(double[][] matrix) {
        int n = matrix.length;
        double[][] a = new double[n][2 * n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(matrix[i], 0, a[i], 0, n);
            a[i][n + i] = 1;
        }
        for (int k = 0; k < n; k++) {
            int pivot = k;
            for (int i = k + 1; i < n; i++) {
                pivot = Math.abs(a[i][k]) > Math.abs(a[pivot][k]) ? i : pivot;
            }
            double[] swap = a[k];
            a[k] = a[pivot];
            a[pivot] = swap;
            double scale = a[k][k];
            for (int j = 0; j < 2 * n; j++) {
                a[k][j] /= scale;
            }
            for (int i = 0; i < n; i++) {
                double factor = a[i][k];
                for (int j = 0; j < 2 * n && i != k; j++) {
                    a[i][j] -= factor * a[k][j];
                }
            }
        }
        return Arrays.stream(a).map(row -> Arrays.copyOfRange(row, n, 2 * n)).toArray(double[][]::new);
    }

    public static double[][] multiply(double[][] a, double[][] b) {
        double[][] c = new double[a.length][b[0].length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b[0].length; j++) {
                for (int k = 0; k < b.length; k++) {
                    c[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        return c;
    }

    public static double[][] transpose(double[][] a) {
        double[][] t = new double[a[0].length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a[0].length; j++) {
                t[j][i] = a[i][j];
            }
        }
        return t;
    }

    /**
     * The trapezoidal rule: for smooth functions that vanish at both ends its error falls faster
     * than any power.
     */
    public static double integrate(DoubleUnaryOperator f, double from, double to, int intervals) {
        double h = (to - from) / intervals;
        return h
                * IntStream.rangeClosed(0, intervals)
                        .mapToDouble(i -> f.applyAsDouble(from + i * h) * (i == 0 || i == intervals ? 0.5 : 1))
                        .sum();
    }

    public static double mean(double... values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    public static double variance(double... values) {
        double mean = mean(values);
        return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1);
    }

    /** The standard error of the mean of independent values. */
    public static double standardError(double... values) {
        return Math.sqrt(variance(values) / values.length);
    }

    public static double[][] normal(int rows, int columns, long seed) {
        Random random = new Random(seed);
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            Arrays.setAll(row, i -> random.nextGaussian());
        }
        return values;
    }

    public static double[][] uniform(int rows, int columns, double from, double to, long seed) {
        Random random = new Random(seed);
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            Arrays.setAll(row, i -> from + (to - from) * random.nextDouble());
        }
        return values;
    }

    /** The same row over and over. */
    public static double[][] tile(double[] row, int rows) {
        double[][] tiled = new double[rows][];
        Arrays.setAll(tiled, i -> row.clone());
        return tiled;
    }

    public static double[] column(double[][] values, int column) {
        return Arrays.stream(values).mapToDouble(row -> row[column]).toArray();
    }
}
