package org.likelihood4j.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The principal components of N points in D dimensions: eigenvectors of their covariance {@code X'X/(N - 1)}, X being centred.
 * Where N is below D they come from those of the smaller {@code XX'/(N - 1)}, since {@code XX'u = lu} makes {@code X'u} an
 * eigenvector of the other. In float64, by LAPACK.
 */
final class PrincipalComponents {
    /** Relative to the greatest: smaller variances are rounding, and their axes are arbitrary. */
    private static final double NEGLIGIBLE = 1e-10;

    private final double[] mean;
    private final List<double[]> axes;
    private final double[] variances;

    private PrincipalComponents(double[] mean, List<double[]> axes, double[] variances) {
        this.mean = mean;
        this.axes = axes;
        this.variances = variances;
    }

    /** @param points finite, at least 1 */
    static PrincipalComponents of(List<double[]> points) {
        int n = points.size();
        int d = points.get(0).length;
        double[] mean = mean(points);
        double[][] centred = new double[n][d];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < d; j++) {
                centred[i][j] = points.get(i)[j] - mean[j];
            }
        }
        try (INDArray x = Nd4j.createFromArray(centred);
                INDArray square = (n < d ? x.mmul(x.transpose()) : x.transpose().mmul(x)).divi(Math.max(1, n - 1));
                INDArray vectors = square.dup('f');
                INDArray values = Nd4j.create(DataType.DOUBLE, square.rows())) {
            // Ascending eigenvalues; the eigenvectors, in columns, replace the matrix.
            int info = Nd4j.getBlasWrapper().lapack().syev('V', 'U', vectors, values);
            if (info != 0) {
                throw new IllegalStateException("LAPACK's syev returned " + info);
            }
            double[] ascending = values.toDoubleVector();
            try (INDArray rows =
                    n < d ? vectors.transpose().mmul(x) : vectors.transpose().dup('c')) {
                return descending(mean, rows.toDoubleMatrix(), ascending);
            }
        }
    }

    private static PrincipalComponents descending(double[] mean, double[][] rows, double[] ascending) {
        int last = ascending.length - 1;
        List<double[]> axes = new ArrayList<>();
        double[] variances = new double[ascending.length];
        for (int i = last; i >= 0 && ascending[i] > NEGLIGIBLE * ascending[last]; i--) {
            variances[axes.size()] = ascending[i];
            axes.add(unit(rows[i]));
        }
        return new PrincipalComponents(mean, axes, Arrays.copyOf(variances, axes.size()));
    }

    /** Of length 1; of the two signs the one that makes the largest element positive. */
    private static double[] unit(double[] axis) {
        double squares = 0;
        double largest = 0;
        for (double value : axis) {
            squares += value * value;
            largest = Math.abs(value) > Math.abs(largest) ? value : largest;
        }
        double scale = Math.copySign(1 / Math.sqrt(squares), largest);
        double[] unit = new double[axis.length];
        for (int j = 0; j < unit.length; j++) {
            unit[j] = axis[j] * scale;
        }
        return unit;
    }

    private static double[] mean(List<double[]> points) {
        double[] mean = new double[points.get(0).length];
        for (double[] point : points) {
            for (int j = 0; j < mean.length; j++) {
                mean[j] += point[j] / points.size();
            }
        }
        return mean;
    }

    double[] mean() {
        return mean.clone();
    }

    /** Of length 1 and orthogonal to each other, that of the greatest variance first: as many as the points span. */
    List<double[]> axes() {
        return axes;
    }

    /** Of the points along each axis. */
    double[] variances() {
        return variances.clone();
    }

    /**
     * The variance of the first component that n draws from N(0, I) in d dimensions would show, by chance alone: the upper edge
     * {@code (1 + sqrt(d/n))^2} of the eigenvalues of their covariance (Marchenko and Pastur 1967).
     */
    static double chance(int n, int d) {
        double root = 1 + Math.sqrt((double) d / n);
        return root * root;
    }
}
