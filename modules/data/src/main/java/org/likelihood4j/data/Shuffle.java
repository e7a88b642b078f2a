package org.likelihood4j.data;

import org.likelihood4j.random.CounterRandom;

/** The order in which an epoch visits a set. */
public final class Shuffle {
    private Shuffle() {}

    /**
     * A uniformly random permutation of 0 to {@code n - 1}: Fisher and Yates' shuffle, as in Knuth, The Art of Computer
     * Programming 2, algorithm P. A pure function of its arguments, so that a resumed run needs no generator state.
     */
    public static int[] permutation(int n, long seed, long epoch) {
        return permutation(n, CounterRandom.key(CounterRandom.key(seed, "shuffle"), epoch));
    }

    /** The same for one of the shards that a set is divided in, which are shuffled independently. */
    public static int[] permutation(int n, long seed, long epoch, int shard) {
        return permutation(
                n, CounterRandom.key(CounterRandom.key(CounterRandom.key(seed, "shuffle/shards"), epoch), shard));
    }

    private static int[] permutation(int n, long key) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = i;
        }
        for (int i = n - 1; i > 0; i--) {
            int j = CounterRandom.below(key, i, i + 1);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
        return order;
    }
}
