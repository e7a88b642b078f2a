package org.likelihood4j.training.rounds;

import java.io.IOException;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.inference.runtime.VectorMemory;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Sums live vectors over the workers, all in one, and some counts behind them.
 *
 * @param vectors of one type
 */
record WorkerSum(List<FlatVector> vectors) {
    WorkerSum {
        vectors = List.copyOf(vectors);
    }

    /** Leaves the sums in the vectors and in the counts. */
    void sum(int[] counts, AllReduce all) throws IOException {
        int length = counts.length
                + Math.toIntExact(vectors.stream()
                        .mapToLong(vector -> vector.storage().length())
                        .sum());
        if (vectors.get(0).type() == DataType.DOUBLE) {
            sum(DoubleBuffer.allocate(length), counts, all);
        } else {
            sum(FloatBuffer.allocate(length), counts, all);
        }
    }

    private void sum(DoubleBuffer sums, int[] counts, AllReduce all) throws IOException {
        vectors.forEach(vector -> sums.put(VectorMemory.of(vector).asDoubleBuffer()));
        for (int count : counts) {
            sums.put(count);
        }
        all.sum(sums.array());
        sums.flip();
        for (FlatVector vector : vectors) {
            DoubleBuffer own = VectorMemory.of(vector).asDoubleBuffer();
            int size = own.remaining();
            own.put(sums.slice(sums.position(), size));
            sums.position(sums.position() + size);
        }
        for (int i = 0; i < counts.length; i++) {
            counts[i] = (int) sums.get();
        }
    }

    private void sum(FloatBuffer sums, int[] counts, AllReduce all) throws IOException {
        vectors.forEach(vector -> sums.put(VectorMemory.of(vector).asFloatBuffer()));
        for (int count : counts) {
            sums.put(count);
        }
        all.sum(sums.array());
        sums.flip();
        for (FlatVector vector : vectors) {
            FloatBuffer own = VectorMemory.of(vector).asFloatBuffer();
            int size = own.remaining();
            own.put(sums.slice(sums.position(), size));
            sums.position(sums.position() + size);
        }
        for (int i = 0; i < counts.length; i++) {
            counts[i] = (int) sums.get();
        }
    }
}
