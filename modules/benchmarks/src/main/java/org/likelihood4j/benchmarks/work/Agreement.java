package org.likelihood4j.benchmarks.work;

import java.util.Locale;

/** How near two computations of the same thing must be; a wrong formula differs by far more. */
public enum Agreement {
    /**
     * Of float32. Sums of some 10^5 terms in different orders differ by about 1e-6 of their size. A rectifier whose input rounding moves
     * across 0 changes a gradient in a jump: 3e-4 was seen among the two million of ten blocks. Adam's first steps are sign-like, so
     * that an element whose gradient is all rounding error goes either way.
     */
    FLOAT32(2e-5, 1e-3, 2e-2),
    /**
     * Of products of bfloat16s: each factor is off by up to 2^-9 of its size, a sum of products by some 2e-3, and that adds up over the
     * layers there and back.
     */
    BFLOAT16(2e-3, 5e-2, 0.5);

    private final double loss;
    private final double gradient;
    private final double weights;

    /**
     * Tolerances.
     *
     * @param loss relative
     * @param gradient 2-norm of the difference, relative to the gradient's
     * @param weights after a few steps: 2-norm of the difference, relative to the way they have come
     */
    Agreement(double loss, double gradient, double weights) {
        this.loss = loss;
        this.gradient = gradient;
        this.weights = weights;
    }

    void loss(String who, double expected, double actual) {
        loss(who, expected, actual, loss);
    }

    /** With a tolerance of one's own. */
    public static void loss(String who, double expected, double actual, double tolerance) {
        require(who + ": the loss", Math.abs(actual - expected) / Math.abs(expected), tolerance);
    }

    void gradient(String who, float[] expected, float[] actual) {
        require(who + ": the gradient", distance(expected, actual) / norm(expected), gradient);
    }

    void weights(String who, float[] start, float[] expected, float[] actual) {
        require(who + ": the trained weights", distance(expected, actual) / distance(expected, start), weights);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "loss %.0e, gradient %.0e, weights after 5 steps %.0e of their way",
                loss,
                gradient,
                weights);
    }

    private static void require(String what, double difference, double tolerance) {
        if (!(difference <= tolerance)) {
            throw new DisagreementException(String.format(
                    Locale.ROOT,
                    "%s differs from the reference by %.2e relative, tolerance %.0e",
                    what,
                    difference,
                    tolerance));
        }
    }

    private static double norm(float[] x) {
        return distance(x, new float[x.length]);
    }

    private static double distance(float[] x, float[] y) {
        if (x.length != y.length) {
            throw new DisagreementException("lengths differ: " + x.length + " and " + y.length);
        }
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            double difference = (double) x[i] - y[i];
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }
}
