package org.likelihood4j.io.safetensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A named tensor as bytes.
 *
 * @param name its name
 * @param dtype its element type
 * @param shape its dimensions, each at least 0; empty for a scalar
 * @param data its elements in row-major (C) order, little-endian, from position to limit; not copied. The accessor
 *     gives a read-only view with its own position
 */
public record Tensor(String name, DType dtype, List<Long> shape, ByteBuffer data) {
    /**
     * Checks that the data has the size that the shape asks for.
     *
     * @throws IllegalArgumentException if a dimension is negative, or the sizes differ
     */
    public Tensor {
        shape = List.copyOf(shape);
        data = data.slice().asReadOnlyBuffer();
        long bytes = byteSize(dtype, shape);
        if (bytes != data.remaining()) {
            throw new IllegalArgumentException("tensor '" + name + "' of type " + dtype + " and shape " + shape
                    + " has " + data.remaining() + " bytes");
        }
    }

    /** A tensor of floats, which are copied. */
    public static Tensor ofFloats(String name, float[] values, long... shape) {
        ByteBuffer data = allocate(values.length, DType.F32);
        data.asFloatBuffer().put(values);
        return new Tensor(name, DType.F32, list(shape), data);
    }

    /** A tensor of doubles, which are copied. */
    public static Tensor ofDoubles(String name, double[] values, long... shape) {
        ByteBuffer data = allocate(values.length, DType.F64);
        data.asDoubleBuffer().put(values);
        return new Tensor(name, DType.F64, list(shape), data);
    }

    /** A tensor of longs, which are copied. */
    public static Tensor ofLongs(String name, long[] values, long... shape) {
        ByteBuffer data = allocate(values.length, DType.I64);
        data.asLongBuffer().put(values);
        return new Tensor(name, DType.I64, list(shape), data);
    }

    @Override
    public ByteBuffer data() {
        // The byte order is not a part of what a duplicate inherits.
        return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * The elements as floats.
     *
     * @throws IllegalStateException if the type is not F32
     */
    public float[] toFloats() {
        expect(DType.F32);
        float[] values = new float[elements()];
        data().asFloatBuffer().get(values);
        return values;
    }

    /**
     * The elements as doubles.
     *
     * @throws IllegalStateException if the type is not F64
     */
    public double[] toDoubles() {
        expect(DType.F64);
        double[] values = new double[elements()];
        data().asDoubleBuffer().get(values);
        return values;
    }

    /**
     * The elements as longs.
     *
     * @throws IllegalStateException if the type is not I64
     */
    public long[] toLongs() {
        expect(DType.I64);
        long[] values = new long[elements()];
        data().asLongBuffer().get(values);
        return values;
    }

    /** The number of elements. */
    public int elements() {
        return data.remaining() / dtype.bytes();
    }

    /** The bytes of a tensor, or -1 where a dimension is negative or the product leaves the range of a long. */
    static long byteSize(DType dtype, List<Long> shape) {
        long size = dtype.bytes();
        boolean empty = shape.contains(0L);
        for (long dimension : shape) {
            if (dimension < 0) {
                return -1;
            }
            try {
                // Multiplying by 0 would hide that the other dimensions are absurd.
                size = Math.multiplyExact(size, Math.max(1, dimension));
            } catch (ArithmeticException e) {
                return -1;
            }
        }
        return empty ? 0 : size;
    }

    private void expect(DType expected) {
        if (dtype != expected) {
            throw new IllegalStateException("tensor '" + name + "' is of type " + dtype + ", not " + expected);
        }
    }

    private static ByteBuffer allocate(int elements, DType dtype) {
        return ByteBuffer.allocate(Math.multiplyExact(elements, dtype.bytes())).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static List<Long> list(long[] shape) {
        return LongStream.of(shape).boxed().toList();
    }
}
