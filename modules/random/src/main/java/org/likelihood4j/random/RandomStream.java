package org.likelihood4j.random;

/** The numbers of one {@link CounterRandom} stream, one after the other, for code that draws many different things. */
public final class RandomStream {
    private final long key;
    private final double[] pair = new double[2];
    private long next;
    private boolean spare;

    public RandomStream(long key) {
        this.key = key;
    }

    /** Uniform in [low, high). */
    public double uniform(double low, double high) {
        return low + (high - low) * CounterRandom.uniform(key, next++);
    }

    /** Uniform integer, 0 to {@code bound - 1}. */
    public int below(int bound) {
        return CounterRandom.below(key, next++, bound);
    }

    /** Normal with mean 0, cut at 2.5 standard deviations: a hand's variation has no outliers that break a letter. */
    public double wobble(double deviation) {
        double z;
        do {
            z = normal();
        } while (z < -2.5 || z > 2.5);
        return z * deviation;
    }

    /** Standard normal. */
    public double normal() {
        spare = !spare;
        if (spare) {
            CounterRandom.fillNormal(CounterRandom.key(key, next++), pair, 0, 2);
            return pair[0];
        }
        return pair[1];
    }
}
