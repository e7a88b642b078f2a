package org.likelihood4j.laboratory.verify;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Random inputs of checks. */
final class Draws {
    private Draws() {}

    /** Normal numbers of the given standard deviation. */
    static double[][] normal(int rows, int columns, double sigma, RandomGenerator random) {
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            Arrays.setAll(row, i -> sigma * random.nextGaussian());
        }
        return values;
    }

    static double[] uniform(int count, double from, double to, RandomGenerator random) {
        return random.doubles(count, from, to).toArray();
    }

    /** Orthonormal rows, by Gram and Schmidt. */
    static double[][] orthonormal(int rows, int columns, RandomGenerator random) {
        double[][] a = normal(rows, columns, 1, random);
        for (int i = 0; i < rows; i++) {
            // Twice, because once leaves rounding errors of nearly parallel rows.
            for (int pass = 0; pass < 2; pass++) {
                for (int j = 0; j < i; j++) {
                    double overlap = Matrices.dot(a[i], a[j]);
                    for (int k = 0; k < columns; k++) {
                        a[i][k] -= overlap * a[j][k];
                    }
                }
            }
            double norm = Math.sqrt(Matrices.dot(a[i], a[i]));
            for (int k = 0; k < columns; k++) {
                a[i][k] /= norm;
            }
        }
        return a;
    }
}
