package org.likelihood4j.laboratory.verify;

/** The largest error so far, and how many there were. NaN is larger than any number, and stays. */
public final class LargestError {
    private double error;
    private long cases;

    /** Compares by {@link #relative}. */
    public void compare(double actual, double expected) {
        add(relative(actual, expected));
    }

    public void compare(double[] actual, double[] expected) {
        if (actual.length != expected.length) {
            throw new IllegalArgumentException(actual.length + " values against " + expected.length);
        }
        for (int i = 0; i < actual.length; i++) {
            compare(actual[i], expected[i]);
        }
    }

    public void add(double size) {
        cases++;
        error = Math.max(error, size);
    }

    public double error() {
        return error;
    }

    public long cases() {
        return cases;
    }

    /** {@code |actual - expected| / max(1, |expected|)}: absolute for small numbers, relative for large ones. */
    static double relative(double actual, double expected) {
        return Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
    }
}
