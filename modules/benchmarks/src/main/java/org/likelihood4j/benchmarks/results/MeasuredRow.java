package org.likelihood4j.benchmarks.results;

import org.likelihood4j.benchmarks.work.Phase;

/**
 * One line of the table.
 *
 * @param form of a contender that has several, else empty
 * @param milliseconds a step, over blocks
 * @param imagesPerSecond at the median
 * @param ratio of the medians: this contender's time by our best engine's, so that above 1 is slower than ours; NaN without
 *     ours
 * @param pairedRatio of neighbouring blocks; null without ours
 * @param shareOfPeak of the matrix-product rate measured in the same run, counting the products that the step needs
 * @param waited seconds for which the process's threads waited for a processor, by seconds measured
 * @param compiled the same of the JIT compiler's time
 */
public record MeasuredRow(
        String workload,
        String threads,
        Phase phase,
        String contender,
        String form,
        Quartiles milliseconds,
        double imagesPerSecond,
        double ratio,
        Quartiles pairedRatio,
        double shareOfPeak,
        double waited,
        double compiled) {}
