package org.likelihood4j.benchmarks;

import java.util.Arrays;
import java.util.List;

/** Median and quartiles of a sample, interpolated linearly. */
record Quartiles(double lower, double median, double upper) {
    static Quartiles of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no values");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Quartiles(at(sorted, 0.25), at(sorted, 0.5), at(sorted, 0.75));
    }

    /** Of the times of a step. */
    static Quartiles ofMilliseconds(List<Block> blocks) {
        return of(blocks.stream().mapToDouble(Block::milliseconds).toArray());
    }

    private static double at(double[] sorted, double fraction) {
        double position = fraction * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
