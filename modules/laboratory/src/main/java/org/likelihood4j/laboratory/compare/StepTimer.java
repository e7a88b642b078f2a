package org.likelihood4j.laboratory.compare;

import java.util.Arrays;
import org.likelihood4j.training.events.TrainingListener;

/**
 * Measures how long a step takes: the median of the times between the ends of two steps of one epoch. Unlike the mean it
 * leaves out the first step's compilation, validation, pictures, and moments in which the machine did something else.
 */
final class StepTimer implements TrainingListener {
    private double[] seconds = new double[256];
    private int count;
    private long steps;
    private long epoch;
    private long endedAt;

    @Override
    public void stepped(Step step) {
        long now = System.nanoTime();
        if (step.epoch() == epoch) {
            if (count == seconds.length) {
                seconds = Arrays.copyOf(seconds, 2 * count);
            }
            seconds[count++] = (now - endedAt) / 1e9;
        }
        epoch = step.epoch();
        endedAt = now;
        steps++;
    }

    long steps() {
        return steps;
    }

    /** {@code null} if no epoch has two steps. */
    Double secondsPerStep() {
        return count == 0 ? null : median(Arrays.copyOf(seconds, count));
    }

    /** The middle value, or the mean of the two in the middle; NaN without values. */
    static double median(double[] values) {
        if (values.length == 0) {
            return Double.NaN;
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
