package org.likelihood4j.runs.statistics;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.BetaDistribution;

/**
 * Scores of n held-out examples, larger being stranger, as the measure of a new one's:
 *
 * <pre>
 * p(s) = (1 + #{i : s_i >= s}) / (n + 1)
 * </pre>
 *
 * <p>If the new example is exchangeable with the n, then {@code P(p <= a) <= a} for every a, whatever the model and the density of the data
 * (Vovk, Gammerman and Shafer 2005; for outliers Bates, Candes, Lei, Romano and Sesia 2023). That is a probability over the n as well;
 * {@link AlarmThreshold} says what these n may be off by.
 */
public final class ConformalScores {
    /** Of the interval of a threshold's rate of false alarms. */
    private static final double CONFIDENCE = 0.95;

    private final double[] sorted;

    /**
     * Copies the scores.
     *
     * @param scores at least one, in any order; infinity for what is stranger than numbers tell
     * @throws IllegalArgumentException if there is none, or one is NaN
     */
    public ConformalScores(double... scores) {
        sorted = scores.clone();
        Arrays.sort(sorted);
        if (sorted.length == 0 || Double.isNaN(sorted[sorted.length - 1])) {
            throw new IllegalArgumentException("scores must be numbers, and at least one");
        }
    }

    /** How many examples a rate of false alarms needs: 1/(n + 1) is the least p-value that n can give. */
    public static long least(double rate) {
        long n = Math.max(1, (long) Math.ceil(1 / rate) - 1);
        while (1 / (n + 1.0) > rate) {
            n++;
        }
        return n;
    }

    /** n. */
    public int size() {
        return sorted.length;
    }

    /** From 1/(n + 1) to 1. */
    public double pValue(double score) {
        return (1.0 + sorted.length - below(score)) / (sorted.length + 1.0);
    }

    /** How many scores are less. */
    private int below(double score) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < score) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * The score above which p is at most {@code rate}.
     *
     * @param rate above 0, below 1
     * @throws IllegalArgumentException if there are fewer scores than {@link #least}
     */
    public AlarmThreshold threshold(double rate) {
        int n = sorted.length;
        if (!(rate > 0 && rate < 1) || n < least(rate)) {
            throw new IllegalArgumentException("a rate of " + rate + " cannot be had of " + n + " scores");
        }
        // By the same division as a p-value's, so that both tell the same examples.
        int rank = (int) Math.min(n, Math.max(1, Math.floor(rate * (n + 1.0))));
        while (rank > 1 && rank / (n + 1.0) > rate) {
            rank--;
        }
        while (rank < n && (rank + 1) / (n + 1.0) <= rate) {
            rank++;
        }
        BetaDistribution rates = BetaDistribution.of(rank, n + 1.0 - rank);
        double tail = (1 - CONFIDENCE) / 2;
        return new AlarmThreshold(
                sorted[n - rank],
                rank,
                rank / (n + 1.0),
                rates.inverseCumulativeProbability(tail),
                rates.inverseSurvivalProbability(tail));
    }
}
