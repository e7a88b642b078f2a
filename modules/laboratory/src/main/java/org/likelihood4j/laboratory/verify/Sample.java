package org.likelihood4j.laboratory.verify;

import org.likelihood4j.runs.statistics.Moments;

/** Statistics of independent values. */
final class Sample {
    private Sample() {}

    /** {@code (mean - expected) / standard error of the mean}; 0 where all values are the expected one. */
    static double z(double[] values, double expected) {
        Moments moments = new Moments();
        for (double value : values) {
            moments.add(value - expected);
        }
        return moments.mean() == 0 ? 0 : moments.mean() / moments.standardError();
    }
}
