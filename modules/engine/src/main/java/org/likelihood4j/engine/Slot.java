package org.likelihood4j.engine;

import java.util.List;

/**
 * One named tensor inside a {@link FlatVector}.
 *
 * @param name the graph's variable of the same name is bound to this slot
 * @param shape the tensor's shape, C order
 * @param offset index of its first element in the flat vector
 * @param decay whether an optimiser's weight decay applies to it
 */
public record Slot(String name, List<Long> shape, long offset, boolean decay) {
    public Slot {
        shape = List.copyOf(shape);
        if (shape.stream().anyMatch(size -> size < 1)) {
            throw new IllegalArgumentException("slot " + name + ": every dimension must be at least 1, was " + shape);
        }
        if (offset < 0) {
            throw new IllegalArgumentException("slot " + name + ": offset must not be negative, was " + offset);
        }
    }

    /** The number of elements: the product of the shape. */
    public long length() {
        return shape.stream().reduce(1L, (a, b) -> Math.multiplyExact(a, b));
    }

    long[] shapeArray() {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }
}
