package org.likelihood4j.laboratory.verify;

import java.util.Arrays;

/** Linear algebra in plain Java, float64: what the graphs are held against. */
public final class Matrices {
    private Matrices() {}

    static double[][] identity(int n) {
        double[][] a = new double[n][n];
        for (int i = 0; i < n; i++) {
            a[i][i] = 1;
        }
        return a;
    }

    static double[][] diagonal(double... values) {
        double[][] a = new double[values.length][values.length];
        for (int i = 0; i < values.length; i++) {
            a[i][i] = values[i];
        }
        return a;
    }

    static double[][] transpose(double[][] a) {
        double[][] t = new double[a[0].length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a[0].length; j++) {
                t[j][i] = a[i][j];
            }
        }
        return t;
    }

    static double[][] multiply(double[][] a, double[][] b) {
        double[][] c = new double[a.length][b[0].length];
        for (int i = 0; i < a.length; i++) {
            for (int k = 0; k < b.length; k++) {
                for (int j = 0; j < b[0].length; j++) {
                    c[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        return c;
    }

    static double[] multiply(double[][] a, double[] x) {
        return Arrays.stream(a).mapToDouble(row -> dot(row, x)).toArray();
    }

    static double[][] add(double[][] a, double[][] b) {
        double[][] c = new double[a.length][];
        Arrays.setAll(c, i -> add(a[i], b[i]));
        return c;
    }

    static double[] add(double[] a, double[] b) {
        double[] c = new double[a.length];
        Arrays.setAll(c, i -> a[i] + b[i]);
        return c;
    }

    static double[] subtract(double[] a, double[] b) {
        double[] c = new double[a.length];
        Arrays.setAll(c, i -> a[i] - b[i]);
        return c;
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** Row by row. */
    static double[] flat(double[][] a) {
        return Arrays.stream(a).flatMapToDouble(Arrays::stream).toArray();
    }

    /** Rows of {@code columns} each. */
    public static double[][] rows(double[] flat, int columns) {
        double[][] rows = new double[flat.length / columns][];
        Arrays.setAll(rows, i -> Arrays.copyOfRange(flat, i * columns, (i + 1) * columns));
        return rows;
    }

    /** The log of the absolute determinant, by LU with partial pivoting. */
    public static double logAbsDet(double[][] matrix) {
        double[][] a = copy(matrix);
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            pivot(a, k);
            sum += Math.log(Math.abs(a[k][k]));
            for (int i = k + 1; i < a.length; i++) {
                eliminate(a[i], a[k], a[i][k] / a[k][k], k);
            }
        }
        return sum;
    }

    /** By Gauss and Jordan, with partial pivoting. */
    static double[][] inverse(double[][] matrix) {
        int n = matrix.length;
        double[][] a = new double[n][2 * n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(matrix[i], 0, a[i], 0, n);
            a[i][n + i] = 1;
        }
        for (int k = 0; k < n; k++) {
            pivot(a, k);
            double scale = 1 / a[k][k];
            for (int j = 0; j < 2 * n; j++) {
                a[k][j] *= scale;
            }
            for (int i = 0; i < n; i++) {
                if (i != k) {
                    eliminate(a[i], a[k], a[i][k], k);
                }
            }
        }
        double[][] inverse = new double[n][];
        Arrays.setAll(inverse, i -> Arrays.copyOfRange(a[i], n, 2 * n));
        return inverse;
    }

    private static double[][] copy(double[][] a) {
        return Arrays.stream(a).map(double[]::clone).toArray(double[][]::new);
    }

    private static void pivot(double[][] a, int k) {
        int pivot = k;
        for (int i = k + 1; i < a.length; i++) {
            pivot = Math.abs(a[i][k]) > Math.abs(a[pivot][k]) ? i : pivot;
        }
        double[] swap = a[k];
        a[k] = a[pivot];
        a[pivot] = swap;
    }

    /** {@code target -= factor * row}, from column {@code from} on. */
    private static void eliminate(double[] target, double[] row, double factor, int from) {
        for (int j = from; j < target.length; j++) {
            target[j] -= factor * row[j];
        }
    }
}
