package org.likelihood4j.inference.runtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.io.RunException;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The memory of vectors' numbers, live, as bytes: little-endian, as on every machine that ND4J runs on. */
public final class VectorMemory {
    private VectorMemory() {}

    /**
     * How many bytes a vector has, gaps included.
     *
     * @throws RunException if they are more than a buffer shows at once
     */
    public static int bytes(FlatVector vector) {
        long bytes = vector.storage().length() * vector.type().width();
        if (bytes > Integer.MAX_VALUE) {
            throw new RunException("a vector of " + bytes
                    + " bytes is more than the 2147483647 that go to another machine at once; use a smaller model");
        }
        return (int) bytes;
    }

    /** Of a whole vector, gaps included. */
    public static ByteBuffer of(FlatVector vector) {
        return of(vector.flat(), bytes(vector));
    }

    /** Of an array whose elements follow each other, of so many bytes. */
    static ByteBuffer of(INDArray view, int bytes) {
        long from = view.offset() * view.dataType().width();
        BytePointer pointer = new BytePointer(view.data().pointer());
        pointer.capacity(from + bytes).position(from).limit(from + bytes);
        return pointer.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
}
