package org.likelihood4j.laboratory.evidence;

/** The ways from 0 to 1. */
public final class Temperatures {
    private Temperatures() {}

    /** T steps of the same length: T + 1 numbers. */
    public static double[] even(int steps) {
        double[] all = new double[steps + 1];
        for (int t = 0; t <= steps; t++) {
            all[t] = (double) t / steps;
        }
        return all;
    }

    /**
     * T steps that are short at both ends, {@code (s(t) - s(0))/(s(T) - s(0))} with the logistic function s of {@code c (2t/T - 1)} (Grosse
     * et al. 2015).
     */
    public static double[] sigmoid(int steps, double c) {
        double low = 1 / (1 + Math.exp(c));
        double high = 1 / (1 + Math.exp(-c));
        double[] all = even(steps);
        for (int t = 0; t <= steps; t++) {
            all[t] = (1 / (1 + Math.exp(-c * (2 * all[t] - 1))) - low) / (high - low);
        }
        all[0] = 0;
        all[steps] = 1;
        return all;
    }
}
