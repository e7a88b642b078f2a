package org.likelihood4j.laboratory.signal;

import java.util.stream.DoubleStream;

/**
 * Independent draws of a gradient g with P elements, from which its signal-to-noise ratio is estimated:
 *
 * <pre>
 * SNR^2 = |E g|^2 / tr Cov g
 * tr Cov g is estimated by (sum |g|^2 - |S|^2/M)/(M - 1),  S = sum g,  and |E g|^2 by |S/M|^2 - tr Cov/M, without bias
 * </pre>
 *
 * Rainforth et al. 2018 average |E g_i|/sd(g_i) over elements i; the mean of M draws of an element without a signal would count there as a signal of 1/sqrt(M),
 * which this does not. Draws go into groups in turn, one of which is left out at a time for the standard error (jackknife).
 */
final class GradientSums {
    private static final int GROUPS = 10;

    private final double[][] sums;
    private final double[] squares = new double[GROUPS];
    private final int[] counts = new int[GROUPS];
    private int draws;

    GradientSums(int elements) {
        sums = new double[GROUPS][elements];
    }

    /** One more draw: {@code elements} numbers from a place on, and again from another one for each further piece. */
    Draw draw() {
        int group = draws % GROUPS;
        draws++;
        counts[group]++;
        return new Draw(sums[group], group);
    }

    /** Receives the pieces of one draw, in order. */
    final class Draw {
        private final double[] sum;
        private final int group;
        private int at;

        private Draw(double[] sum, int group) {
            this.sum = sum;
            this.group = group;
        }

        void add(double... piece) {
            double square = 0;
            for (double value : piece) {
                sum[at++] += value;
                square += value * value;
            }
            squares[group] += square;
        }
    }

    /**
     * The estimate.
     *
     * @throws IllegalStateException with fewer than two draws in each group
     */
    Ratio ratio() {
        if (draws < 2 * GROUPS) {
            throw new IllegalStateException("needs at least " + 2 * GROUPS + " draws, had " + draws);
        }
        double[] all = new double[sums[0].length];
        for (double[] sum : sums) {
            add(all, sum, 1);
        }
        Ratio whole = Ratio.of(all, draws, total(-1), 0);
        double[] without = new double[GROUPS];
        for (int group = 0; group < GROUPS; group++) {
            add(all, sums[group], -1);
            without[group] =
                    Ratio.of(all, draws - counts[group], total(group), 0).value();
            add(all, sums[group], 1);
        }
        double mean = DoubleStream.of(without).average().orElseThrow();
        double variance = 0;
        for (double each : without) {
            variance += (each - mean) * (each - mean) * (GROUPS - 1) / GROUPS;
        }
        return new Ratio(whole.signal(), whole.noise(), Math.sqrt(variance));
    }

    /**
     * A signal-to-noise ratio.
     *
     * @param signal |E g|, 0 where it is lost in the noise of its estimate
     * @param noise sqrt(tr Cov g)
     * @param standardError of {@link #value}
     */
    record Ratio(double signal, double noise, double standardError) {
        private static Ratio of(double[] sum, int count, double squares, double standardError) {
            double length = DoubleStream.of(sum).map(value -> value * value).sum();
            double variance = (squares - length / count) / (count - 1);
            double signal = length / count / count - variance / count;
            return new Ratio(Math.sqrt(Math.max(0, signal)), Math.sqrt(variance), standardError);
        }

        double value() {
            return signal / noise;
        }
    }

    private double total(int leftOut) {
        double total = 0;
        for (int group = 0; group < GROUPS; group++) {
            total += group == leftOut ? 0 : squares[group];
        }
        return total;
    }

    private static void add(double[] to, double[] values, int sign) {
        for (int i = 0; i < to.length; i++) {
            to[i] += sign * values[i];
        }
    }
}
