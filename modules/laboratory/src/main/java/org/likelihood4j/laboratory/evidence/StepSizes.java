package org.likelihood4j.laboratory.evidence;

import java.util.Arrays;

/**
 * How long leapfrog steps are at each temperature, fixed before the chains that they are for.
 *
 * @param temperatures 0 ... 1, ascending
 * @param sizes {@code [temperatures][examples]}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record StepSizes(double[] temperatures, double[][] sizes) {
    /** Where tuning begins, in units of the scales. */
    static final double FIRST = 0.5;

    /** Moves at the start before it counts. */
    public static final int WARM_UP = 20;

    /** Of the logarithm, for each move and unit of acceptance. */
    static final double GAIN = 0.15;

    /** The same size everywhere. */
    public static StepSizes constant(double[] temperatures, int examples, double size) {
        double[][] sizes = new double[temperatures.length][examples];
        for (double[] row : sizes) {
            Arrays.fill(row, size);
        }
        return new StepSizes(temperatures, sizes);
    }

    double[] of(int temperature) {
        return sizes[temperature];
    }

    /** Sizes at other temperatures, straight between the known ones. */
    static StepSizes between(double[] known, double[][] sizes, double... wanted) {
        double[][] all = new double[wanted.length][];
        int above = 1;
        for (int t = 0; t < wanted.length; t++) {
            while (above < known.length - 1 && known[above] < wanted[t]) {
                above++;
            }
            double share = (wanted[t] - known[above - 1]) / (known[above] - known[above - 1]);
            double[] low = sizes[above - 1];
            double[] high = sizes[above];
            double inside = Math.min(1, Math.max(0, share));
            all[t] = new double[low.length];
            Arrays.setAll(all[t], n -> (1 - inside) * low[n] + inside * high[n]);
        }
        return new StepSizes(wanted, all);
    }
}
