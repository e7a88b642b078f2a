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
 * Elements of an off-heap vector, as each user needs them: tiles are copied through a buffer, matrix products take a pointer. A vector may have
 * any length; of it 2 GiB from the first element on can be reached.
 *
 * <p>Memory is off-heap because matrix products and ND4J's operations read it in place there. Tiles are copied to arrays on the
 * heap and back, at the speed of the nearest caches, because the JIT compiler vectorises loops over arrays only.
 *
 * @param flat the vector, which owns the memory
 * @param first where the first element is in what owns it, counted in float32s
 * @param floats from the first element on; null for bfloat16s
 * @param shorts the bits of bfloat16s; null for float32
 * @param bytes the same as {@code floats}, null for bfloat16s
 * @param pointer to the first element
 */
public record Memory(
        INDArray flat, long first, FloatBuffer floats, ShortBuffer shorts, ByteBuffer bytes, Pointer pointer) {
    /** The most numbers that can be reached: what a buffer of bytes can count. */
    public static final long MOST = Integer.MAX_VALUE / Float.BYTES;

    /** Of a contiguous float32 vector, from one of its numbers on. */
    public static Memory of(INDArray flat, long offset) {
        FloatPointer pointer = from(flat, offset);
        ByteBuffer bytes = pointer.asByteBuffer().order(ByteOrder.nativeOrder());
        return new Memory(flat, flat.offset() + offset, pointer.asBuffer(), null, bytes, pointer);
    }

    /** Of bfloat16s in a contiguous float32 vector, from one of its numbers on. */
    public static Memory narrow(INDArray flat, long offset) {
        FloatPointer floats = from(flat, offset);
        ShortPointer shorts = new ShortPointer(floats);
        shorts.capacity(floats.capacity() * (Float.BYTES / Short.BYTES));
        return new Memory(flat, flat.offset() + offset, null, shorts.asBuffer(), null, shorts);
    }

    /** As much as there is, or as can be counted. */
    private static FloatPointer from(INDArray flat, long offset) {
        FloatPointer floats = new FloatPointer((FloatPointer) flat.data().pointer()).getPointer(flat.offset() + offset);
        return floats.capacity(Math.min(MOST, flat.length() - offset));
    }

    public boolean isNarrow() {
        return shorts != null;
    }

    /** Where an element begins in {@link #bytes}. */
    public int byteAt(int element) {
        return element * Float.BYTES;
    }

    public void read(int from, float[] to, int at, int n) {
        floats.get(from, to, at, n);
    }

    public void write(float[] from, int at, int to, int n) {
        floats.put(to, from, at, n);
    }

    public float read(int from) {
        return isNarrow() ? Bfloat16.value(shorts.get(from)) : floats.get(from);
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
