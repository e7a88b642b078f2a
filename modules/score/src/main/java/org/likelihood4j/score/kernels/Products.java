package org.likelihood4j.score.kernels;

import java.util.Arrays;

/**
 * Products of matrices, {@code c = a b}. Loops become vector code only where all arrays are read at the same index, since two of them might be one:
 * therefore a row of b is an array of its own, and a row of c is summed in one, too.
 */
public final class Products {
    private Products() {}

    /**
     * Multiplies by a matrix that stays.
     *
     * @param a {@code rows x inner}, with {@code stepA} numbers from a row to the next
     * @param b {@code inner} rows of {@code columns} numbers
     * @param c {@code rows x columns}, row after row
     * @param sums room for a row of c
     */
    public static void multiply(
            double[] a, int atA, int stepA, double[][] b, double[] c, int atC, int rows, int columns, double[] sums) {
        for (int row = 0; row < rows; row++) {
            Arrays.fill(sums, 0, columns, 0);
            add(a, atA + row * stepA, b, sums, columns);
            System.arraycopy(sums, 0, c, atC + row * columns, columns);
        }
    }

    /** {@code c += a b} of one row a; what is 0 is left out, as most of an image is. */
    private static void add(double[] a, int atA, double[][] b, double[] c, int columns) {
        int inner = b.length;
        int p = 0;
        while (p < inner) {
            int p0 = next(a, atA, p, inner);
            int p1 = next(a, atA, p0 + 1, inner);
            int p2 = next(a, atA, p1 + 1, inner);
            int p3 = next(a, atA, p2 + 1, inner);
            p = p3 + 1;
            if (p3 < inner) {
                four(a[atA + p0], a[atA + p1], a[atA + p2], a[atA + p3], b[p0], b[p1], b[p2], b[p3], c, columns);
            } else {
                for (int rest = p0; rest < inner; rest++) {
                    one(a[atA + rest], b[rest], c, columns);
                }
            }
        }
    }

    /** The next place of a number that is not 0, or the end. */
    private static int next(double[] a, int atA, int from, int end) {
        int p = from;
        while (p < end && a[atA + p] == 0) {
            p++;
        }
        return p;
    }

    private static void one(double x, double[] b, double[] c, int columns) {
        for (int j = 0; j < columns; j++) {
            c[j] += x * b[j];
        }
    }

    /** Four rows of b at a time: c is read and written once for them. */
    private static void four(
            double x0,
            double x1,
            double x2,
            double x3,
            double[] b0,
            double[] b1,
            double[] b2,
            double[] b3,
            double[] c,
            int columns) {
        for (int j = 0; j < columns; j++) {
            c[j] += x0 * b0[j] + x1 * b1[j] + (x2 * b2[j] + x3 * b3[j]);
        }
    }

    /** The rows of a matrix whose rows are {@code step} numbers from each other. */
    public static double[][] rows(double[] matrix, int at, int step, int rows, int columns) {
        double[][] split = new double[rows][];
        Arrays.setAll(split, row -> Arrays.copyOfRange(matrix, at + row * step, at + row * step + columns));
        return split;
    }
}
