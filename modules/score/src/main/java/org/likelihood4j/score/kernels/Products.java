package org.likelihood4j.score.kernels;

/** Products of matrices, {@code c = a b}. */
public final class Products {
    /** Rows and columns of b that are read again and again while they are near: 256 kB. */
    private static final int DEPTH = 64;

    private static final int WIDTH = 512;

    private Products() {}

    /**
     * Multiplies.
     *
     * @param a {@code rows x inner}, with {@code stepA} numbers from a row to the next
     * @param b {@code inner x columns}
     * @param c {@code rows x columns}, row after row
     */
    public static void multiply(
            double[] a,
            int atA,
            int stepA,
            double[] b,
            int atB,
            int stepB,
            double[] c,
            int atC,
            int rows,
            int columns,
            int inner) {
        for (int row = 0; row < rows; row++) {
            int from = atC + row * columns;
            java.util.Arrays.fill(c, from, from + columns, 0);
        }
        for (int column = 0; column < columns; column += WIDTH) {
            int width = Math.min(WIDTH, columns - column);
            for (int depth = 0; depth < inner; depth += DEPTH) {
                int deep = Math.min(DEPTH, inner - depth);
                for (int row = 0; row < rows; row++) {
                    add(
                            a,
                            atA + row * stepA + depth,
                            b,
                            atB + depth * stepB + column,
                            stepB,
                            c,
                            atC + row * columns + column,
                            width,
                            deep);
                }
            }
        }
    }

    /** {@code c += a b} of one row a of {@code inner} numbers; what is 0 is left out, as most of an image is. */
    private static void add(
            double[] a, int atA, double[] b, int atB, int stepB, double[] c, int atC, int columns, int inner) {
        int p = 0;
        while (p < inner) {
            int p0 = next(a, atA, p, inner);
            int p1 = next(a, atA, p0 + 1, inner);
            int p2 = next(a, atA, p1 + 1, inner);
            int p3 = next(a, atA, p2 + 1, inner);
            p = p3 + 1;
            if (p3 < inner) {
                four(
                        a[atA + p0],
                        a[atA + p1],
                        a[atA + p2],
                        a[atA + p3],
                        b,
                        atB + p0 * stepB,
                        atB + p1 * stepB,
                        atB + p2 * stepB,
                        atB + p3 * stepB,
                        c,
                        atC,
                        columns);
            } else {
                one(a, atA, p0, b, atB, stepB, c, atC, columns, inner);
                one(a, atA, p1, b, atB, stepB, c, atC, columns, inner);
                one(a, atA, p2, b, atB, stepB, c, atC, columns, inner);
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

    private static void one(
            double[] a, int atA, int p, double[] b, int atB, int stepB, double[] c, int atC, int columns, int inner) {
        if (p >= inner) {
            return;
        }
        double x = a[atA + p];
        int from = atB + p * stepB;
        for (int j = 0; j < columns; j++) {
            c[atC + j] += x * b[from + j];
        }
    }

    /** Four rows of b at a time: c is read and written once for them. */
    private static void four(
            double x0,
            double x1,
            double x2,
            double x3,
            double[] b,
            int b0,
            int b1,
            int b2,
            int b3,
            double[] c,
            int atC,
            int columns) {
        for (int j = 0; j < columns; j++) {
            c[atC + j] += x0 * b[b0 + j] + x1 * b[b1 + j] + (x2 * b[b2 + j] + x3 * b[b3 + j]);
        }
    }
}
