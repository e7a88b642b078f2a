package org.likelihood4j.benchmarks.results;

import java.util.Arrays;
import java.util.List;
import org.likelihood4j.benchmarks.work.StepBlock;

/** Median and quartiles of a sample, interpolated linearly. */
public record Quartiles(double lower, double median, double upper) {
    public static Quartiles of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no values");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Quartiles(at(sorted, 0.25), at(sorted, 0.5), at(sorted, 0.75));
    }

    /** Of the times of a step. */
    public static Quartiles ofMilliseconds(List<StepBlock> blocks) {
        return of(blocks.stream().mapToDouble(StepBlock::milliseconds).toArray());
    }

    private static double at(double[] sorted, double fraction) {
        double position = fraction * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
