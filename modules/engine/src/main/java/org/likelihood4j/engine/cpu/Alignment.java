package org.likelihood4j.engine.cpu;

import org.likelihood4j.engine.cpu.onednn.Isa;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Where vectors stand in the memory's lines of 64 bytes, which decides how fast matrices in them are multiplied.
 *
 * <p>With AVX-512 a row is best at the beginning of a line: elsewhere each load takes two lines (100 x 1024 x 1024: 98 GFLOP/s, and
 * 82 a quarter of a line further). oneDNN's AVX2 products read a matrix of {@code k * 512} columns as it is, whose rows then all
 * begin at the same place of the nearest cache, and are worst at the beginning of a line and at its half (49, 35), and best at a
 * quarter (92).
 */
final class Alignment {
    private static final int LINE = 64;
    private static final int QUARTER = LINE / 4;

    private Alignment() {}

    /** A vector of zeros that begins at the best place. */
    static INDArray zeros(DataType type, long length) {
        if (length == 0) {
            return Nd4j.zeros(type, length);
        }
        return place(Nd4j.zeros(type, roomFor(type, length)), length);
    }

    /** Elements in which {@link #place} finds a place for a vector. */
    static long roomFor(DataType type, long length) {
        return length + LINE / type.width();
    }

    /** The elements of a vector with {@link #roomFor} some that begin at the best place: a view. */
    static INDArray place(INDArray room, long length) {
        int width = room.dataType().width();
        long past = room.data().pointer().address() % LINE;
        long wanted = Isa.isAvx512() ? 0 : QUARTER;
        long first = (LINE + wanted - past) % LINE / width;
        return room.get(NDArrayIndex.interval(first, first + length));
    }
}
