package org.likelihood4j.runs.statistics;

import java.util.Arrays;

/**
 * The area under the receiver operating characteristic of a score: how often one of what is looked for has a larger score than one of
 * the others, ties counting half,
 *
 * <pre>
 * A = P(y > x) + P(y = x)/2,  x of n others, y of m that are looked for
 * </pre>
 *
 * <p>with the standard error of DeLong, DeLong and Clarke-Pearson (1988), the root of {@code var(V(y))/m + var(V(x))/n}, where V(y) is the
 * share of the x below y and V(x) that of the y above x. Where all y are above all x it is 0, and says only that A is beyond what so few can tell.
 *
 * @param area A, 0 to 1; 1/2 of a score that says nothing
 * @param error its standard error; NaN for fewer than two examples of a side
 */
public record Auroc(double area, double error) {
    /**
     * Of scores, which may be infinite.
     *
     * @throws IllegalArgumentException if there are none of a side, or one is NaN
     */
    public static Auroc of(double[] others, double[] wanted) {
        double[] low = sorted(others);
        double[] high = sorted(wanted);
        Moments above = new Moments();
        for (double y : high) {
            above.add(share(low, y));
        }
        Moments below = new Moments();
        for (double x : low) {
            below.add(1 - share(high, x));
        }
        return new Auroc(
                above.mean(),
                Math.sqrt(above.sampleVariance() / (double) above.count()
                        + below.sampleVariance() / (double) below.count()));
    }

    private static double[] sorted(double[] scores) {
        double[] sorted = scores.clone();
        Arrays.sort(sorted);
        if (sorted.length == 0 || Double.isNaN(sorted[sorted.length - 1])) {
            throw new IllegalArgumentException("scores must be numbers, and at least one");
        }
        return sorted;
    }

    /** How many of the sorted are below, ties counting half. */
    private static double share(double[] sorted, double score) {
        return (first(sorted, score, false) + first(sorted, score, true)) / (2.0 * sorted.length);
    }

    /** The place of the first that is at least as large, or larger. */
    private static int first(double[] sorted, double score, boolean larger) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < score || (larger && sorted[middle] == score)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
