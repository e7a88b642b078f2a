package org.likelihood4j.training.rounds;

import org.likelihood4j.engine.FlatVector;

/**
 * The sum of the gradients of 2^k shards in a fixed tree, {@code ((0 + 1) + (2 + 3)) + ...}, of which at most k vectors wait at a time: as
 * carries of a binary counter.
 */
final class GradientTree {
    private final FlatVector gradient;
    /** At each level the sum of so many shards that its right neighbour has yet to come. */
    private final FlatVector[] waiting;

    /**
     * A tree.
     *
     * @param gradient where each shard's appears, and at last the sum
     * @param shards a power of two
     */
    GradientTree(FlatVector gradient, int shards) {
        this.gradient = gradient;
        this.waiting = new FlatVector[Integer.numberOfTrailingZeros(shards)];
        for (int level = 0; level < waiting.length; level++) {
            waiting[level] = gradient.like();
        }
    }

    /** Takes in the gradient of the next shard; after the last one the gradient's vector has the sum. */
    void add(int shard) {
        int level = 0;
        for (; (shard >> level & 1) == 1; level++) {
            gradient.flat().addi(waiting[level].flat());
        }
        if (level < waiting.length) {
            waiting[level].flat().assign(gradient.flat());
        }
    }
}
