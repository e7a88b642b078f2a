package org.likelihood4j.inference;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The rows of one output, put together batch after batch. */
final class OutputRows {
    private final double[] values;
    private final long[] shape;
    private int filled;

    /** @throws IllegalArgumentException if there would be more numbers than an array can hold */
    OutputRows(int count, int width) {
        if ((long) count * width > Integer.MAX_VALUE - Long.BYTES) {
            throw new IllegalArgumentException(
                    count + " rows of " + width + " numbers are too many for one array; ask for fewer at once");
        }
        values = new double[count * width];
        shape = new long[] {count, width};
    }

    void add(double[] rows) {
        System.arraycopy(rows, 0, values, filled, rows.length);
        filled += rows.length;
    }

    /** {@code [count, width]}. */
    INDArray array(DataType type) {
        return Nd4j.create(values, shape, type);
    }
}
