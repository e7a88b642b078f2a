package org.likelihood4j.laboratory.verify;

/**
 * A Gaussian N(mean, covariance) with any covariance, in plain Java: the general formulas, of which the models' diagonal ones
 * are special cases.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Gaussian(double[] mean, double[][] covariance) {
    private static final double LOG_2_PI = Math.log(2 * Math.PI);

    /** N(0, I). */
    public static Gaussian standard(int size) {
        return new Gaussian(new double[size], Matrices.identity(size));
    }

    public static Gaussian diagonal(double[] mean, double[] variance) {
        return new Gaussian(mean, Matrices.diagonal(variance));
    }

    /** {@code -1/2 ((x - m)^T S^-1 (x - m) + log|S| + k log(2 pi))}. */
    public double logDensity(double... x) {
        double[] centred = Matrices.subtract(x, mean);
        return -0.5
                * (Matrices.dot(centred, Matrices.multiply(Matrices.inverse(covariance), centred))
                        + Matrices.logAbsDet(covariance)
                        + mean.length * LOG_2_PI);
    }

    /** {@code KL(this || p) = 1/2 (tr(P^-1 S) + (m_p - m)^T P^-1 (m_p - m) - k + log|P| - log|S|)}, P the covariance of p. */
    public double klTo(Gaussian p) {
        double[][] precision = Matrices.inverse(p.covariance);
        double[][] product = Matrices.multiply(precision, covariance);
        double trace = 0;
        for (int i = 0; i < product.length; i++) {
            trace += product[i][i];
        }
        double[] shift = Matrices.subtract(p.mean, mean);
        return 0.5
                * (trace
                        + Matrices.dot(shift, Matrices.multiply(precision, shift))
                        - mean.length
                        + Matrices.logAbsDet(p.covariance)
                        - Matrices.logAbsDet(covariance));
    }

    /** The distribution of {@code A x + b}. */
    Gaussian mapped(double[][] a, double[] b) {
        return new Gaussian(
                Matrices.add(Matrices.multiply(a, mean), b),
                Matrices.multiply(Matrices.multiply(a, covariance), Matrices.transpose(a)));
    }

    /** {@code log N(x; mean, variance)}. */
    public static double logDensity(double x, double mean, double variance) {
        return -0.5 * ((x - mean) * (x - mean) / variance + Math.log(variance) + LOG_2_PI);
    }
}
