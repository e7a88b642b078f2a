package org.likelihood4j.data;

import java.util.Arrays;
import java.util.Objects;

/** Cuts a set into batches. Every batch is a pure function of its arguments, so that any of them can be made alone. */
public final class Batches {
    private Batches() {}

    /**
     * Training batches in one epoch. The incomplete last one is dropped; so a set smaller than {@code batchSize} gives 0.
     */
    public static int perEpoch(Examples set, int batchSize) {
        return set.size() / positive(batchSize);
    }

    /**
     * One training batch, always full.
     *
     * @param permutation the order of this epoch, a permutation of {@code set.size()}; see {@link Shuffle}
     * @param indexInEpoch 0 to {@code perEpoch - 1}
     */
    public static Batch training(Examples set, int batchSize, int[] permutation, int indexInEpoch) {
        Objects.checkIndex(indexInEpoch, perEpoch(set, batchSize));
        if (permutation.length != set.size()) {
            throw new IllegalArgumentException(
                    "permutation of " + permutation.length + " for a set of " + set.size() + " examples");
        }
        int[] indices = new int[batchSize];
        System.arraycopy(permutation, indexInEpoch * batchSize, indices, 0, batchSize);
        return gather(set, indices, batchSize);
    }

    /** Evaluation batches that together cover the set; the last one may be padded. */
    public static int covering(Examples set, int batchSize) {
        int whole = perEpoch(set, batchSize);
        return set.size() % batchSize == 0 ? whole : whole + 1;
    }

    /** One evaluation batch: examples in order, the last batch padded with copies of the last example. */
    public static Batch evaluation(Examples set, int batchSize, int index) {
        Objects.checkIndex(index, covering(set, batchSize));
        int from = index * batchSize;
        int size = Math.min(batchSize, set.size() - from);
        int[] indices = new int[batchSize];
        for (int row = 0; row < batchSize; row++) {
            indices[row] = from + Math.min(row, size - 1);
        }
        return gather(set, indices, size);
    }

    /**
     * One batch of chosen examples, in the order given, padded with copies of the last one.
     *
     * @param examples places in the set, at least one, at most {@code capacity}
     */
    public static Batch of(Examples set, int[] examples, int capacity) {
        if (examples.length < 1 || examples.length > capacity) {
            throw new IllegalArgumentException(examples.length + " examples for a batch of capacity " + capacity);
        }
        int[] indices = Arrays.copyOf(examples, capacity);
        Arrays.fill(indices, examples.length, capacity, examples[examples.length - 1]);
        return gather(set, indices, examples.length);
    }

    private static Batch gather(Examples set, int[] indices, int size) {
        int[] labels = new int[indices.length];
        for (int row = 0; row < indices.length; row++) {
            labels[row] = set.label(indices[row]);
        }
        return new Batch(set.gather(indices), labels, indices, size);
    }

    private static int positive(int batchSize) {
        if (batchSize < 1) {
            throw new DataException("batch size must be at least 1, but is " + batchSize);
        }
        return batchSize;
    }
}
