package org.likelihood4j.benchmarks.work;

import java.util.Locale;

/**
 * How near two float32 computations of the same thing must be. Sums of some 10^5 terms in different orders differ by about
 * 1e-6 of their size; a wrong formula differs by far more.
 */
public final class Agreement {
    /** Of a loss, relative. */
    public static final double LOSS = 2e-5;
    /**
     * Of a gradient: 2-norm of the difference, relative to the gradient's. A rectifier whose input rounding moves across 0 changes it in
     * a jump: 3e-4 was seen among the two million of ten blocks.
     */
    public static final double GRADIENT = 1e-3;

    /**
     * Of the weights after a few steps: 2-norm of the difference, relative to the way they have come. Adam's first steps are
     * sign-like, so that an element whose gradient is all rounding error goes either way.
     */
    public static final double WEIGHTS = 2e-2;

    private Agreement() {}

    public static void loss(String who, double expected, double actual) {
        loss(who, expected, actual, LOSS);
    }

    public static void loss(String who, double expected, double actual, double tolerance) {
        require(who + ": the loss", Math.abs(actual - expected) / Math.abs(expected), tolerance);
    }

    static void gradient(String who, float[] expected, float[] actual) {
        require(who + ": the gradient", distance(expected, actual) / norm(expected), GRADIENT);
    }

    static void weights(String who, float[] start, float[] expected, float[] actual) {
        require(who + ": the trained weights", distance(expected, actual) / distance(expected, start), WEIGHTS);
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
