package org.likelihood4j.training.rounds;

import org.likelihood4j.engine.FlatVector;

/**
 * The sum of a vector over 2^k shards in a fixed tree, {@code ((0 + 1) + (2 + 3)) + ...}, of which at most k vectors wait at a time: as
 * carries of a binary counter.
 */
final class ShardTree {
    private final FlatVector vector;
    /** At each level the sum of so many shards that its right neighbour has yet to come. */
    private final FlatVector[] waiting;

    /**
     * A tree.
     *
     * @param vector where each shard's appears, and at last the sum
     * @param shards a power of two
     */
    ShardTree(FlatVector vector, int shards) {
        this.vector = vector;
        this.waiting = new FlatVector[Integer.numberOfTrailingZeros(shards)];
        for (int level = 0; level < waiting.length; level++) {
            waiting[level] = vector.like();
        }
    }

    /** Takes in what the vector is of the next shard; after the last one it has the sum. */
    void add(int shard) {
        int level = 0;
        for (; (shard >> level & 1) == 1; level++) {
            vector.flat().addi(waiting[level].flat());
        }
        if (level < waiting.length) {
            waiting[level].flat().assign(vector.flat());
        }
    }
}
