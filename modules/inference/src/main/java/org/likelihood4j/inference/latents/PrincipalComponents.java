package org.likelihood4j.inference.latents;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The principal components of N points in D dimensions: eigenvectors of their covariance {@code X'X/N}, X being centred.
 * Where N is below D they come from those of the smaller {@code XX'/N}, since {@code XX'u = lu} makes {@code X'u} an
 * eigenvector of the other. In float64, by LAPACK.
 */
public final class PrincipalComponents {
    /** Relative to the greatest: smaller variances are rounding, and their axes are arbitrary. */
    private static final double NEGLIGIBLE = 1e-10;

    private final double[] mean;
    private final double[][] centred;
    /** Of the smaller matrix, column after column, as the eigenvalues in ascending order. */
    private final double[] vectors;

    private final double[] variances;

    private PrincipalComponents(double[] mean, double[][] centred, double[] vectors, double[] variances) {
        this.mean = mean;
        this.centred = centred;
        this.vectors = vectors;
        this.variances = variances;
    }

    /**
     * Those of points.
     *
     * @param points finite, at least 2
     */
    public static PrincipalComponents of(List<double[]> points) {
        int n = points.size();
        double[] mean = mean(points);
        int d = mean.length;
        double[][] centred = new double[n][d];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < d; j++) {
                centred[i][j] = points.get(i)[j] - mean[j];
            }
        }
        try (INDArray x = Nd4j.createFromArray(centred);
                INDArray square = n < d ? x.mmul(x.transpose()) : x.transpose().mmul(x);
                INDArray matrix = square.divi(n).dup('f');
                INDArray eigenvalues = Nd4j.create(DataType.DOUBLE, matrix.rows())) {
            // The eigenvectors replace the matrix.
            int info = Nd4j.getBlasWrapper().lapack().syev('V', 'U', matrix, eigenvalues);
            if (info != 0) {
                throw new IllegalStateException("LAPACK's syev returned " + info);
            }
            double[] vectors = new double[Math.toIntExact(matrix.length())];
            matrix.data().asNioDouble().get(vectors);
            return new PrincipalComponents(mean, centred, vectors, descending(eigenvalues.toDoubleVector()));
        }
    }

    private static double[] descending(double[] ascending) {
        int last = ascending.length - 1;
        double[] variances = new double[ascending.length];
        int count = 0;
        while (count <= last && ascending[last - count] > NEGLIGIBLE * ascending[last]) {
            variances[count] = ascending[last - count];
            count++;
        }
        return Arrays.copyOf(variances, count);
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

    /** Of the points along each axis, the greatest first: as many as the points span. */
    public double[] variances() {
        return variances.clone();
    }

    /** The axis of variance k: of length 1, orthogonal to the others, and of its two signs the one with the larger positive element. */
    public double[] axis(int k) {
        int d = mean.length;
        int size = Math.min(centred.length, d);
        int start = (size - 1 - k) * size;
        double[] axis = new double[d];
        if (centred.length < d) {
            for (int i = 0; i < size; i++) {
                for (int j = 0; j < d; j++) {
                    axis[j] += vectors[start + i] * centred[i][j];
                }
            }
        } else {
            System.arraycopy(vectors, start, axis, 0, d);
        }
        double squares = 0;
        double largest = 0;
        for (double value : axis) {
            squares += value * value;
            largest = Math.abs(value) > Math.abs(largest) ? value : largest;
        }
        double scale = Math.copySign(1 / Math.sqrt(squares), largest);
        for (int j = 0; j < d; j++) {
            axis[j] *= scale;
        }
        return axis;
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
