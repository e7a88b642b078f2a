package org.likelihood4j.training.rounds;

import java.util.Arrays;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.Shards;
import org.likelihood4j.data.Shuffle;

/**
 * Which examples the batches of an epoch have where each shard has rows of its own: shard s gives rows {@code [s m, (s + 1) m)} of each batch of
 * {@code S m}, in an order that is shuffled for each epoch. A shard leaves at most m of its rows out of an epoch, by chance.
 */
final class ShardOrder {
    private final Examples train;
    private final int count;
    private final int rows;
    private final long seed;
    private final int[][] orders;
    /** Of each shard its examples; null until they are asked for. */
    private int[][] shards;

    private long epochOfOrders;

    /**
     * Of a set of which some shards may not be held.
     *
     * @param count S, how many shards there are
     * @param rows m, that a shard gives to a batch
     */
    ShardOrder(Examples train, int count, int rows, long seed) {
        this.train = train;
        this.count = count;
        this.rows = rows;
        this.seed = seed;
        this.orders = new int[count][];
    }

    /**
     * Some rows of a batch.
     *
     * @param index of the batch in its epoch
     * @param first the first row
     * @param many how many
     */
    synchronized int[] examples(long epoch, int index, int first, int many) {
        if (shards == null) {
            shards = new Shards(train.size(), count).of(train);
        }
        if (epoch != epochOfOrders) {
            Arrays.fill(orders, null);
            epochOfOrders = epoch;
        }
        int[] examples = new int[many];
        for (int i = 0; i < many; i++) {
            int shard = (first + i) / rows;
            examples[i] = shards[shard][order(shard)[index * rows + (first + i) % rows]];
        }
        return examples;
    }

    private int[] order(int shard) {
        if (orders[shard] == null) {
            orders[shard] = Shuffle.permutation(shards[shard].length, seed, epochOfOrders, shard);
        }
        return orders[shard];
    }
}
