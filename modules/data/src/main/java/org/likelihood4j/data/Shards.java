package org.likelihood4j.data;

import java.util.Arrays;

/**
 * A set's examples in shards for good: shard s of S has those from {@code N s / S} to {@code N (s + 1) / S}, rounded down, in the order of
 * their {@linkplain Examples#place places}. So the shards' sizes differ by at most one, every example is in one of them, and a shard's
 * examples stand together in what they are read from.
 *
 * @param examples N, how many there are in all
 * @param count S, at least 1
 */
public record Shards(int examples, int count) {
    /** How many examples are in shards before this one. */
    public int from(int shard) {
        return (int) ((long) examples * shard / count);
    }

    /**
     * Which examples are in each shard.
     *
     * @param set of N examples, of which some may not be held
     * @return of each shard its examples' numbers in the set, in the order of their places; null where they are not held
     */
    public int[][] of(Examples set) {
        int[] placed = set instanceof PartialExamples part ? part.numbers() : byPlace(set);
        int first = set instanceof PartialExamples part ? part.first() : 0;
        int[][] shards = new int[count][];
        for (int shard = 0; shard < count; shard++) {
            int from = from(shard) - first;
            int to = from(shard + 1) - first;
            shards[shard] = from >= 0 && to <= placed.length ? Arrays.copyOfRange(placed, from, to) : null;
        }
        return shards;
    }

    private static int[] byPlace(Examples set) {
        int[] places = new int[set.size()];
        for (int i = 0; i < places.length; i++) {
            places[i] = set.place(i);
        }
        return PartialExamples.sorted(places);
    }
}
