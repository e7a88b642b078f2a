package org.likelihood4j.training.checks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.likelihood4j.config.RunConfig.Precision;
import org.likelihood4j.runs.statistics.Moments;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Columns that others determine. With R the correlation matrix of the columns, a Cholesky decomposition R = L L' that always takes
 * the column with the largest residual variance next (its diagonal entry) shows the numerical rank: what is left of a column's
 * variance when it comes to its turn is what the earlier ones do not explain. A column that depends on those has coefficients that
 * are unique, because they are independent, and those that are not 0 name a smallest set of columns that are tied together.
 *
 * @param column that is explained
 * @param by the columns that explain it
 * @param residual the share of its variance, of 1, that they leave
 * @param isExact whether that is lost in the precision that is computed in
 */
record ColumnDependence(int column, List<Integer> by, double residual, boolean isExact) {
    /** Of the variance. Beneath it the residual deviation is below a 30,000th of the column's: lost in float32. */
    private static final double EXACT = 1e-9;
    /** In float64: a millionth of the deviation. Rounding leaves less than a tenth of this variance. */
    private static final double EXACT_FLOAT64 = 1e-12;
    /** Of the variance: a hundredth of the deviation. */
    static final double NEAR = 1e-4;

    /** Rows beyond the number of columns: without them columns depend by chance. */
    static final int LEAST_MORE_ROWS = 10;

    private static final double INVOLVED = 1e-3;
    private static final double INVOLVED_NEAR = 0.05;
    private static final int MOST_REPORTED = 20;

    /**
     * The same, where the columns stand elsewhere.
     *
     * @param places of the columns, by their numbers here
     */
    ColumnDependence renumbered(int... places) {
        return new ColumnDependence(
                places[column], by.stream().map(other -> places[other]).toList(), residual, isExact);
    }

    /**
     * The dependent columns, the least residual first, and no more than twenty. Of constant columns, which have no correlations,
     * nothing is said.
     *
     * @param columns the values of each column, as many in each
     * @param precision that a model computes in
     */
    static List<ColumnDependence> of(double[][] columns, Precision precision) {
        int size = columns.length;
        if (size < 2 || columns[0].length < size + LEAST_MORE_ROWS) {
            return List.of();
        }
        double limit = precision == Precision.FLOAT64 ? EXACT_FLOAT64 : EXACT;
        double[][] correlations = correlations(columns);
        double[] left = new double[size];
        boolean[] taken = new boolean[size];
        int varying = 0;
        for (int i = 0; i < size; i++) {
            left[i] = correlations[i][i];
            taken[i] = left[i] == 0;
            varying += taken[i] ? 0 : 1;
        }
        List<double[]> factors = new ArrayList<>();
        List<Integer> pivots = new ArrayList<>();
        List<ColumnDependence> found = new ArrayList<>();
        while (pivots.size() < varying) {
            int pivot = IntStream.range(0, size)
                    .filter(i -> !taken[i])
                    .boxed()
                    .max(Comparator.comparingDouble(i -> left[i]))
                    .orElseThrow();
            if (left[pivot] < limit) {
                break;
            }
            if (left[pivot] < NEAR && found.size() < MOST_REPORTED) {
                found.add(explained(pivot, left[pivot], false, factors, pivots));
            }
            double[] factor = correlations[pivot];
            for (int m = 0; m < factors.size(); m++) {
                double[] earlier = factors.get(m);
                double weight = earlier[pivot];
                for (int i = 0; i < size; i++) {
                    factor[i] -= weight * earlier[i];
                }
            }
            double root = Math.sqrt(left[pivot]);
            for (int i = 0; i < size; i++) {
                factor[i] /= root;
                left[i] -= factor[i] * factor[i];
            }
            taken[pivot] = true;
            factors.add(factor);
            pivots.add(pivot);
        }
        IntStream.range(0, size)
                .filter(i -> !taken[i])
                .limit(MOST_REPORTED)
                .forEach(i -> found.add(explained(i, Math.max(0, left[i]), true, factors, pivots)));
        found.sort(Comparator.comparingDouble(ColumnDependence::residual));
        return found;
    }

    /** Solves L' b = l for the coefficients b of a column upon the pivots. */
    private static ColumnDependence explained(
            int column, double residual, boolean exact, List<double[]> factors, List<Integer> pivots) {
        double[] coefficients = new double[pivots.size()];
        double largest = 0;
        for (int m = coefficients.length - 1; m >= 0; m--) {
            double[] factor = factors.get(m);
            double sum = factor[column];
            for (int q = m + 1; q < coefficients.length; q++) {
                sum -= factor[pivots.get(q)] * coefficients[q];
            }
            coefficients[m] = sum / factor[pivots.get(m)];
            largest = Math.max(largest, Math.abs(coefficients[m]));
        }
        double least = (exact ? INVOLVED : INVOLVED_NEAR) * largest;
        List<Integer> by = IntStream.range(0, coefficients.length)
                .filter(m -> Math.abs(coefficients[m]) > least)
                .mapToObj(pivots::get)
                .sorted()
                .toList();
        return new ColumnDependence(column, by, residual, exact);
    }

    /** 0 with, and of, a constant column. */
    private static double[][] correlations(double[][] columns) {
        int rows = columns[0].length;
        double[][] standardised = new double[columns.length][];
        for (int j = 0; j < columns.length; j++) {
            // Seen from the first value, or the mean of numbers far from 0 has too few digits.
            double origin = columns[j][0];
            Moments moments = new Moments();
            for (double value : columns[j]) {
                moments.add(value - origin);
            }
            double variance = moments.variance();
            double scale = variance > 0 ? 1 / Math.sqrt(variance * rows) : 0;
            double mean = moments.mean();
            standardised[j] = Arrays.stream(columns[j])
                    .map(value -> (value - origin - mean) * scale)
                    .toArray();
        }
        try (INDArray x = Nd4j.createFromArray(standardised);
                INDArray product = x.mmul(x.transpose())) {
            return product.toDoubleMatrix();
        }
    }
}
