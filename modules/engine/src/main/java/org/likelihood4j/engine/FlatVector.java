package org.likelihood4j.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
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
    private final Device device;
    private final Storage storage;
    private final Map<String, INDArray> views = new LinkedHashMap<>();

    private FlatVector(List<Slot> slots, Device device, Storage storage) {
        this.slots = slots;
        this.device = device;
        this.storage = storage;
        INDArray flat = storage.read();
        for (Slot slot : slots) {
            INDArray view = flat.get(NDArrayIndex.interval(slot.offset(), slot.offset() + slot.length()))
                    .reshape('c', slot.shapeArray());
            if (views.put(slot.name(), view) != null) {
                throw new IllegalArgumentException("two slots are named " + slot.name());
            }
        }
    }

    /** A vector of zeros in the process's own memory; see {@link #zeros(Device, List, DataType)}. */
    public static FlatVector zeros(List<Slot> slots, DataType type) {
        return zeros(Devices.cpu(), slots, type);
    }

    /**
     * A vector of zeros in a device's memory; the slots must follow each other, and may leave gaps. What stands in a gap is never computed with.
     *
     * @throws IllegalArgumentException if a slot begins before the one before it ends, or has its name
     */
    public static FlatVector zeros(Device device, List<Slot> slots, DataType type) {
        long end = 0;
        for (Slot slot : slots) {
            if (slot.offset() < end) {
                throw new IllegalArgumentException(
                        "slot " + slot.name() + " starts at " + slot.offset() + ", expected " + end + " or more");
            }
            end = Math.addExact(slot.offset(), slot.length());
        }
        return new FlatVector(List.copyOf(slots), device, device.allocate(type, end));
    }

    /** A vector of zeros with the same slots and type, in memory of the same device. */
    public FlatVector like() {
        return zeros(device, slots, type());
    }

    /** A copy that shares nothing with this one. */
    public FlatVector copy() {
        FlatVector copy = like();
        copy.flat().assign(read());
        return copy;
    }

    /**
     * The whole vector with its gaps: writing to it writes to every view. Like the views it is right, and may be written, until a program
     * next runs on the vector: see {@link Storage#host}.
     */
    public INDArray flat() {
        return storage.host();
    }

    /** The same for who does not write it: see {@link Storage#read}. */
    public INDArray read() {
        return storage.read();
    }

    /** Whose memory it is. */
    public Device device() {
        return device;
    }

    /** Where the values are. */
    public Storage storage() {
        return storage;
    }

    /** The values' type. */
    public DataType type() {
        return storage.type();
    }

    public List<Slot> slots() {
        return slots;
    }

    /** How many values there are, gaps left out. */
    public long length() {
        return slots.stream().mapToLong(Slot::length).sum();
    }

    /** The named tensor, a view of {@link #flat}. */
    public INDArray view(String name) {
        storage.host();
        return named(name);
    }

    /** The same for who does not write it: see {@link Storage#read}. */
    public INDArray read(String name) {
        storage.read();
        return named(name);
    }

    private INDArray named(String name) {
        INDArray view = views.get(name);
        if (view == null) {
            throw new IllegalArgumentException("no slot named " + name + " among " + views.keySet());
        }
        return view;
    }

    /** All named tensors, views of {@link #flat}. */
    public Map<String, INDArray> views() {
        storage.host();
        return views;
    }

    @Override
    public String toString() {
        return slots.stream().map(Slot::name).collect(Collectors.joining(", ", "FlatVector[", "]"));
    }
}
