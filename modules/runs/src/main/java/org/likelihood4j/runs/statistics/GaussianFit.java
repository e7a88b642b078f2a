package org.likelihood4j.runs.statistics;

import java.util.Arrays;

/**
 * Where some numbers of each example lie together: their means and covariances, and by these how far another example's are,
 *
 * <pre>
 * d(t)^2 = (t - m)^T C^-1 (t - m)     (Mahalanobis 1936)
 * </pre>
 *
 * <p>in standard deviations, whatever the units of the numbers are; of normal ones d^2 is chi-squared.
 *
 * @param mean m, of each number
 * @param covariance C, positive definite
 * @param examples how many they are of
 */
@SuppressWarnings("ArrayRecordComponent") // a file's content, never compared
public record GaussianFit(double[] mean, double[][] covariance, int examples) {
    private static final int MOST_NUMBERS = 16;

    /** What is left of a number's variance given those before it; less is rounding. */
    private static final double LEAST = 1e-12;

    /** @throws IllegalArgumentException if it is no such fit; the values may be a file's */
    public GaussianFit {
        if (mean == null
                || mean.length == 0
                || mean.length > MOST_NUMBERS
                || covariance == null
                || covariance.length != mean.length) {
            throw new IllegalArgumentException("mean and covariance must be of as many numbers, 1 to " + MOST_NUMBERS);
        }
        if (!Arrays.stream(mean).allMatch(Double::isFinite)) {
            throw new IllegalArgumentException("means must be finite");
        }
        for (double[] row : covariance) {
            if (row == null || row.length != mean.length) {
                throw new IllegalArgumentException("covariance must be square");
            }
        }
        root(covariance);
    }

    /**
     * Of examples.
     *
     * @param numbers of each example, finite; more examples than numbers
     * @throws IllegalArgumentException if a number of them all is the same, or determined by the others
     */
    public static GaussianFit of(double[][] numbers) {
        int n = numbers.length;
        if (n < 2) {
            throw new IllegalArgumentException("there must be at least 2 examples");
        }
        int size = numbers[0].length;
        double[] mean = new double[size];
        double[][] covariance = new double[size][size];
        for (double[] example : numbers) {
            for (int i = 0; i < size; i++) {
                mean[i] += example[i] / n;
            }
        }
        for (double[] example : numbers) {
            for (int i = 0; i < size; i++) {
                for (int j = 0; j < size; j++) {
                    covariance[i][j] += (example[i] - mean[i]) * (example[j] - mean[j]) / (n - 1.0);
                }
            }
        }
        return new GaussianFit(mean, covariance, n);
    }

    /** d of another example's numbers, at least 0; infinite where one of them is not finite. */
    public double distance(double... numbers) {
        double[][] root = root(covariance);
        double[] solved = new double[mean.length];
        double sum = 0;
        for (int i = 0; i < mean.length; i++) {
            double rest = numbers[i] - mean[i];
            for (int j = 0; j < i; j++) {
                rest -= root[i][j] * solved[j];
            }
            solved[i] = rest / root[i][i];
            sum += solved[i] * solved[i];
        }
        return Double.isFinite(sum) ? Math.sqrt(sum) : Double.POSITIVE_INFINITY;
    }

    /** The lower triangle R with C = R R^T (Cholesky). */
    private static double[][] root(double[][] covariance) {
        int size = covariance.length;
        double[][] root = new double[size][size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j <= i; j++) {
                double rest = covariance[i][j];
                for (int k = 0; k < j; k++) {
                    rest -= root[i][k] * root[j][k];
                }
                if (i == j && !(rest > LEAST * covariance[i][i] && rest < Double.POSITIVE_INFINITY)) {
                    throw new IllegalArgumentException("covariance must be positive definite");
                }
                root[i][j] = i == j ? Math.sqrt(rest) : rest / root[j][j];
            }
        }
        return root;
    }
}
