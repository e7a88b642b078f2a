package org.likelihood4j.data;

import java.util.Arrays;
import java.util.Objects;

/** Cuts a set into batches. Every batch is a pure function of its arguments, so that any of them can be made alone. */
public final class Batches {
    private Batches() {}

    /**
     * Training batches in one epoch. The incomplete last one is dropped; so a set smaller than {@code batchSize} gives 0.
     */
    public static int perEpoch(ImageSet set, int batchSize) {
        return set.size() / positive(batchSize);
    }

    /**
     * One training batch, always full.
     *
     * @param permutation the order of this epoch, a permutation of {@code set.size()}; see {@link Shuffle}
     * @param indexInEpoch 0 to {@code perEpoch - 1}
     */
    public static Batch training(ImageSet set, int batchSize, int[] permutation, int indexInEpoch) {
        Objects.checkIndex(indexInEpoch, perEpoch(set, batchSize));
        if (permutation.length != set.size()) {
            throw new IllegalArgumentException(
                    "permutation of " + permutation.length + " for a set of " + set.size() + " images");
        }
        int[] indices = new int[batchSize];
        System.arraycopy(permutation, indexInEpoch * batchSize, indices, 0, batchSize);
        return gather(set, indices, batchSize);
    }

    /** Evaluation batches that together cover the set; the last one may be padded. */
    public static int covering(ImageSet set, int batchSize) {
        int whole = perEpoch(set, batchSize);
        return set.size() % batchSize == 0 ? whole : whole + 1;
    }

    /** One evaluation batch: images in order, the last batch padded with copies of the last image. */
    public static Batch evaluation(ImageSet set, int batchSize, int index) {
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
     * One batch of chosen images, in the order given, padded with copies of the last one.
     *
     * @param images places in the set, at least one, at most {@code capacity}
     */
    public static Batch of(ImageSet set, int[] images, int capacity) {
        if (images.length < 1 || images.length > capacity) {
            throw new IllegalArgumentException(images.length + " images for a batch of capacity " + capacity);
        }
        int[] indices = Arrays.copyOf(images, capacity);
        Arrays.fill(indices, images.length, capacity, images[images.length - 1]);
        return gather(set, indices, images.length);
    }

    private static Batch gather(ImageSet set, int[] indices, int size) {
        int imageSize = set.shape().size();
        byte[] pixels = new byte[Math.multiplyExact(indices.length, imageSize)];
        int[] labels = new int[indices.length];
        for (int row = 0; row < indices.length; row++) {
            set.copyPixels(indices[row], pixels, row * imageSize);
            labels[row] = set.label(indices[row]);
        }
        return new Batch(pixels, labels, indices, size);
    }

    private static int positive(int batchSize) {
        if (batchSize < 1) {
            throw new DataException("batch size must be at least 1, but is " + batchSize);
        }
        return batchSize;
    }
}
