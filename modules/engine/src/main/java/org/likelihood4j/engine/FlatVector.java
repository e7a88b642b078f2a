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

    /**
     * A vector of zeros; the slots must follow each other, and may leave gaps. What stands in a gap is never computed with.
     *
     * @throws IllegalArgumentException if a slot begins before the one before it ends, or has its name
     */
    public static FlatVector zeros(List<Slot> slots, DataType type) {
        long end = 0;
        for (Slot slot : slots) {
            if (slot.offset() < end) {
                throw new IllegalArgumentException(
                        "slot " + slot.name() + " starts at " + slot.offset() + ", expected " + end + " or more");
            }
            end = Math.addExact(slot.offset(), slot.length());
        }
        long length = end;
        INDArray flat =
                Devices.best().map(device -> device.zeros(type, length)).orElseGet(() -> Nd4j.zeros(type, length));
        return new FlatVector(List.copyOf(slots), flat);
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

    /** The whole vector with its gaps: writing to it writes to every view. */
    public INDArray flat() {
        return flat;
    }

    public List<Slot> slots() {
        return slots;
    }

    /** How many values there are, gaps left out. */
    public long length() {
        return slots.stream().mapToLong(Slot::length).sum();
    }

    /** The named tensor, a view. */
    public INDArray view(String name) {
        INDArray view = views.get(name);
        if (view == null) {
            throw new IllegalArgumentException("no slot named " + name + " among " + views.keySet());
        }
        return view;
    }

    /** All named tensors. */
    public Map<String, INDArray> views() {
        return views;
    }

    @Override
    public String toString() {
        return slots.stream().map(Slot::name).collect(Collectors.joining(", ", "FlatVector[", "]"));
    }
}
