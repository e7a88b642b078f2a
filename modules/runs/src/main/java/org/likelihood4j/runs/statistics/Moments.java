package org.likelihood4j.runs.statistics;

/**
 * Running mean and variance of a stream (Welford 1962), in float64. Values that are not finite are counted, never dropped:
 * they make the mean NaN.
 */
public final class Moments {
    private long count;
    private long nonFinite;
    private double mean;
    private double squares;

    /** All that a stream's moments are, to be saved and gone on with. */
    public record Snapshot(long count, long nonFinite, double mean, double squares) {}

    public Snapshot snapshot() {
        return new Snapshot(count, nonFinite, mean, squares);
    }

    public void restore(Snapshot saved) {
        count = saved.count();
        nonFinite = saved.nonFinite();
        mean = saved.mean();
        squares = saved.squares();
    }

    public void add(double value) {
        count++;
        if (!Double.isFinite(value)) {
            nonFinite++;
        }
        double delta = value - mean;
        mean += delta / (double) count;
        squares += delta * (value - mean);
    }

    /** As if all values of the other had been added here (Chan, Golub and LeVeque 1979). */
    public void add(Moments other) {
        if (other.count == 0) {
            return;
        }
        long total = count + other.count;
        double delta = other.mean - mean;
        double share = (double) other.count / (double) total;
        mean += delta * share;
        squares += other.squares + delta * delta * (double) count * share;
        count = total;
        nonFinite += other.nonFinite;
    }

    public long count() {
        return count;
    }

    public long nonFinite() {
        return nonFinite;
    }

    /** NaN without values, or with one that is not finite. */
    public double mean() {
        return count == 0 || nonFinite > 0 ? Double.NaN : mean;
    }

    /** Divided by n: the population's. */
    public double variance() {
        return count == 0 || nonFinite > 0 ? Double.NaN : squares / (double) count;
    }

    /** Divided by n - 1: unbiased; NaN for fewer than two values. */
    public double sampleVariance() {
        return count < 2 || nonFinite > 0 ? Double.NaN : squares / (double) (count - 1);
    }

    /** Of the mean: sqrt(sample variance / n); NaN for fewer than two values. */
    public double standardError() {
        return Math.sqrt(sampleVariance() / (double) count);
    }
}
