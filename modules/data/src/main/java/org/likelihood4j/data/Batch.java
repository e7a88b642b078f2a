package org.likelihood4j.data;

import java.util.Arrays;

/**
 * Some examples, side by side. The arrays belong to whoever asked for the batch and are not copied.
 *
 * <p>The capacity is {@code indices.length}. Where {@code size} is smaller, the rows from {@code size} on repeat the last
 * real example, so that they are valid input whose per-example results are simply left out.
 *
 * @param values {@code capacity * shape.size()} stored values, row after row; images are (C, H, W)
 * @param labels one class number per row
 * @param indices the place of each row's example in the set that it came from
 * @param size how many rows are real, from the first on
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier on the way to the device; copies would cost more than the batch
public record Batch(StoredValues values, int[] labels, int[] indices, int size) {
    public Batch {
        if (size < 1 || size > indices.length) {
            throw new IllegalArgumentException("batch size " + size + " must be 1 to the capacity " + indices.length);
        }
        if (labels.length != indices.length || values.length() % indices.length != 0) {
            throw new IllegalArgumentException("batch of capacity " + indices.length + " has " + labels.length
                    + " labels and " + values.length() + " values");
        }
    }

    /** The same examples, all of another class. */
    public Batch of(int label) {
        int[] others = new int[labels.length];
        Arrays.fill(others, label);
        return new Batch(values, others, indices, size);
    }

    /** Rows, the padded ones included. */
    public int capacity() {
        return indices.length;
    }
}
