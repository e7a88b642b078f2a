package org.likelihood4j.data.synthetic.densities;

/** What log-densities are made of, in nats. */
final class LogDensities {
    static final double LOG_2_PI = Math.log(2 * Math.PI);

    private LogDensities() {}

    /** {@code log N(x; mean, deviation^2)}. */
    static double logNormal(double x, double mean, double deviation) {
        double z = (x - mean) / deviation;
        return -0.5 * z * z - 0.5 * LOG_2_PI - Math.log(deviation);
    }

    /** {@code log sum_k exp(a_k)}. */
    static double logSumExp(double... exponents) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double exponent : exponents) {
            largest = Math.max(largest, exponent);
        }
        double sum = 0;
        for (double exponent : exponents) {
            sum += Math.exp(exponent - largest);
        }
        return largest + Math.log(sum);
    }
}
