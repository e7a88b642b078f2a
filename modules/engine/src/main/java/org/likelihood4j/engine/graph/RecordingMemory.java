package org.likelihood4j.engine.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.samediff.internal.memory.AbstractMemoryMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Memory of a recorded run, which must outlive it: an array that is released is handed out again, under another shape of the same
 * size, and nothing is freed before the end. Arrays of other types than the program's are few, and live to the end.
 */
final class RecordingMemory extends AbstractMemoryMgr {
    private final DataType type;
    private final List<INDArray> owned = new ArrayList<>();
    private final Set<INDArray> live = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<Long, Deque<INDArray>> free = new HashMap<>();

    RecordingMemory(DataType type) {
        this.type = type;
    }

    @Override
    public INDArray allocate(boolean detached, DataType dataType, long... shape) {
        long length = 1;
        for (long size : shape) {
            length *= size;
        }
        Deque<INDArray> pool = free.get(length);
        INDArray array;
        if (dataType == type && pool != null && !pool.isEmpty()) {
            array = pool.pop().reshape('c', shape);
        } else {
            array = Nd4j.createUninitializedDetached(dataType, 'c', shape);
            owned.add(array);
        }
        live.add(array);
        return array;
    }

    @Override
    public INDArray allocate(boolean detached, LongShapeDescriptor descriptor) {
        return allocate(detached, descriptor.dataType(), descriptor.getShape());
    }

    @Override
    public void release(INDArray array) {
        if (array.dataType() == type && live.remove(array)) {
            free.computeIfAbsent(array.length(), n -> new ArrayDeque<>()).push(array);
        }
    }

    @Override
    public void close() {
        owned.forEach(INDArray::close);
        owned.clear();
        free.clear();
    }
}
