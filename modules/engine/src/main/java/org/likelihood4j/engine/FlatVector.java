package org.likelihood4j.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * One contiguous vector and the named tensors that are views of it.
 *
 * <p>Because every parameter of a model is a view of one vector, an update, a clip, an average, a copy and a save are
 * each one call, and any other vector of the same slots (an exponential moving average, a checkpoint's) can be bound to
 * the same graph.
 */
public final class FlatVector {
    private static final int CACHE_LINE = 64;
    private static final int SKEW = 16;

    private final List<Slot> slots;
    private final INDArray flat;
    private final Map<String, INDArray> views = new LinkedHashMap<>();

    private FlatVector(List<Slot> slots, INDArray flat) {
        this.slots = slots;
        this.flat = flat;
        for (Slot slot : slots) {
            INDArray view = flat.get(NDArrayIndex.interval(slot.offset(), slot.offset() + slot.length()))
                    .reshape('c', slot.shapeArray());
            if (views.put(slot.name(), view) != null) {
                throw new IllegalArgumentException("two slots are named " + slot.name());
            }
        }
    }

    /** A vector of zeros; the slots must tile {@code [0, total)} in order. */
    public static FlatVector zeros(List<Slot> slots, DataType type) {
        long expected = 0;
        for (Slot slot : slots) {
            if (slot.offset() != expected) {
                throw new IllegalArgumentException(
                        "slot " + slot.name() + " starts at " + slot.offset() + ", expected " + expected);
            }
            expected += slot.length();
        }
        return new FlatVector(List.copyOf(slots), skewed(type, expected));
    }

    /**
     * Zeros whose first byte stands {@link #SKEW} bytes into a cache line.
     *
     * <p>The product of a batch with a matrix of {@code k * 512} columns, whose rows all begin at the same place modulo the
     * cache's sets, takes up to twice as long where that place is the beginning of a cache line.
     */
    private static INDArray skewed(DataType type, long length) {
        if (length == 0) {
            return Nd4j.zeros(type, 0);
        }
        int line = CACHE_LINE / type.width();
        INDArray longer = Nd4j.zeros(type, length + line);
        long past = longer.data().pointer().address() % CACHE_LINE;
        long first = (CACHE_LINE + SKEW - past) % CACHE_LINE / type.width();
        return longer.get(NDArrayIndex.interval(first, first + length));
    }

    /** A vector of zeros with the same slots and type. */
    public FlatVector like() {
        return zeros(slots, flat.dataType());
    }

    /** A copy that shares nothing with this one. */
    public FlatVector copy() {
        FlatVector copy = like();
        copy.flat.assign(flat);
        return copy;
    }

    /** The whole vector, {@code [total]}: writing to it writes to every view. */
    public INDArray flat() {
        return flat;
    }

    public List<Slot> slots() {
        return slots;
    }

    public long length() {
        return flat.length();
    }

    /** The named tensor, a view. */
    public INDArray view(String name) {
        INDArray view = views.get(name);
        if (view == null) {
            throw new IllegalArgumentException("no slot named " + name + " among " + views.keySet());
        }
        return view;
    }

    Map<String, INDArray> views() {
        return views;
    }

    @Override
    public String toString() {
        return slots.stream().map(Slot::name).collect(Collectors.joining(", ", "FlatVector[", "]"));
    }
}
