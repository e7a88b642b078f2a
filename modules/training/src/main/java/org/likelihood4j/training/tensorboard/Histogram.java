package org.likelihood4j.training.tensorboard;

import java.util.Arrays;
import java.util.Optional;

/**
 * Counts of values in buckets of equal width from the least to the greatest.
 *
 * @param count how many values there are
 * @param sumOfSquares of all values
 * @param limits right ends of the buckets, rising; the last one is {@code max}
 * @param counts of the values in each
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier on the way to a file
public record Histogram(
        double min, double max, long count, double sum, double sumOfSquares, double[] limits, double[] counts) {
    private static final int BUCKETS = 64;

    /** Of the values that are finite; empty if none is. */
    public static Optional<Histogram> of(double[] values) {
        double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
        if (finite.length == 0) {
            return Optional.empty();
        }
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        double sum = 0;
        double squares = 0;
        for (double value : finite) {
            min = Math.min(min, value);
            max = Math.max(max, value);
            sum += value;
            squares += value * value;
        }
        // Halves, because the range of all doubles is wider than a double.
        double width = (max / 2 - min / 2) / BUCKETS * 2;
        int buckets = min + width > min ? BUCKETS : 1;
        double[] limits = new double[buckets];
        for (int i = 0; i < buckets - 1; i++) {
            double share = (i + 1.0) / BUCKETS;
            limits[i] = min * (1 - share) + max * share;
        }
        limits[buckets - 1] = max;
        double[] counts = new double[buckets];
        for (double value : finite) {
            counts[buckets == 1 ? 0 : (int) Math.min(buckets - 1, value / width - min / width)]++;
        }
        return Optional.of(new Histogram(min, max, finite.length, sum, squares, limits, counts));
    }
}
