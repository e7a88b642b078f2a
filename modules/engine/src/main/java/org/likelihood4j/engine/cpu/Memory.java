package org.likelihood4j.engine.cpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Elements of an off-heap vector from {@code offset} on, as each user needs them: tiles are copied through a buffer, matrix products
 * take a pointer.
 *
 * <p>Memory is off-heap because matrix products and ND4J's operations read it in place there. Tiles are copied to arrays on the
 * heap and back, at the speed of the nearest caches, because the JIT compiler vectorises loops over arrays only.
 *
 * @param floats all of the memory, from its beginning
 * @param bytes the same, or null where it is too long for one
 * @param pointer to the first element
 */
public record Memory(INDArray flat, FloatBuffer floats, ByteBuffer bytes, FloatPointer pointer, int offset) {
    /** Of a contiguous float32 vector. */
    static Memory of(INDArray flat, long offset) {
        FloatPointer pointer = (FloatPointer) flat.data().pointer();
        long first = flat.offset() + offset;
        ByteBuffer bytes = first + flat.length() <= Integer.MAX_VALUE / Float.BYTES
                ? pointer.asByteBuffer().order(ByteOrder.nativeOrder())
                : null;
        return new Memory(
                flat, pointer.asBuffer(), bytes, new FloatPointer(pointer).getPointer(first), Math.toIntExact(first));
    }

    /** Where an element begins in {@link #bytes}. */
    public int byteAt(int element) {
        return (offset + element) * Float.BYTES;
    }

    void read(int from, float[] to, int at, int n) {
        floats.get(offset + from, to, at, n);
    }

    void write(float[] from, int at, int to, int n) {
        floats.put(offset + to, from, at, n);
    }

    float read(int from) {
        return floats.get(offset + from);
    }

    /** A pointer to an element, which moves no more. */
    FloatPointer at(int element) {
        return pointer.getPointer(element);
    }
}
