package org.likelihood4j.engine.cpu.arithmetic;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;
import org.likelihood4j.engine.plan.Bfloat16;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Elements of an off-heap vector from {@code offset} on, as each user needs them: tiles are copied through a buffer, matrix products
 * take a pointer.
 *
 * <p>Memory is off-heap because matrix products and ND4J's operations read it in place there. Tiles are copied to arrays on the
 * heap and back, at the speed of the nearest caches, because the JIT compiler vectorises loops over arrays only.
 *
 * @param floats all of the memory, from its beginning; null for bfloat16s
 * @param shorts the bits of bfloat16s; null for float32
 * @param bytes the same as {@code floats}, or null where it is too long for one
 * @param pointer to the first element
 */
public record Memory(
        INDArray flat, FloatBuffer floats, ShortBuffer shorts, ByteBuffer bytes, Pointer pointer, int offset) {
    /** Of a contiguous float32 vector. */
    public static Memory of(INDArray flat, long offset) {
        FloatPointer pointer = (FloatPointer) flat.data().pointer();
        long first = flat.offset() + offset;
        ByteBuffer bytes = first + flat.length() <= Integer.MAX_VALUE / Float.BYTES
                ? pointer.asByteBuffer().order(ByteOrder.nativeOrder())
                : null;
        return new Memory(
                flat,
                pointer.asBuffer(),
                null,
                bytes,
                new FloatPointer(pointer).getPointer(first),
                Math.toIntExact(first));
    }

    /** Of some bfloat16s in a contiguous float32 vector, from one of its numbers on. */
    public static Memory narrow(INDArray flat, long offset, long size) {
        FloatPointer pointer = (FloatPointer) flat.data().pointer();
        ShortPointer shorts = new ShortPointer(new FloatPointer(pointer).getPointer(flat.offset() + offset));
        shorts.capacity(size);
        return new Memory(flat, null, shorts.asBuffer(), null, shorts, 0);
    }

    public boolean isNarrow() {
        return shorts != null;
    }

    /** Where an element begins in {@link #bytes}. */
    public int byteAt(int element) {
        return (offset + element) * Float.BYTES;
    }

    public void read(int from, float[] to, int at, int n) {
        floats.get(offset + from, to, at, n);
    }

    public void write(float[] from, int at, int to, int n) {
        floats.put(offset + to, from, at, n);
    }

    public float read(int from) {
        return isNarrow() ? Bfloat16.value(shorts.get(from)) : floats.get(offset + from);
    }

    /** Reads bits of bfloat16s. */
    public void read(int from, short[] to, int n) {
        shorts.get(from, to, 0, n);
    }

    /** Writes bits of bfloat16s. */
    public void write(short[] from, int to, int n) {
        shorts.put(to, from, 0, n);
    }

    /** A pointer to an element, which moves no more. */
    public Pointer at(int element) {
        return pointer.getPointer(element);
    }

    /** The same, of a float32 vector. */
    public FloatPointer floatAt(int element) {
        return (FloatPointer) at(element);
    }
}
