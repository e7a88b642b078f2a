package org.likelihood4j.engine.cpu.arithmetic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.likelihood4j.engine.plan.Bfloat16;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A step's values share one vector, which is longer than a buffer of Java can count where batches are large. */
class MemoryTest {
    private static final long LENGTH = (1L << 29) + 100;

    /** Nearly all of it is never touched, so that the system gives no memory for it. */
    @Test
    void whatBeginsBehindTwoGibibytesIsReached() {
        INDArray flat = Nd4j.createUninitializedDetached(DataType.FLOAT, LENGTH);
        Memory last = Memory.of(flat, LENGTH - 50);
        last.write(new float[] {1, 2, 3}, 0, 47, 3);
        float[] read = new float[2];
        last.read(48, read, 0, 2);
        assertThat(read).containsExactly(2, 3);
        assertThat(flat.getFloat(LENGTH - 1)).isEqualTo(3);
        assertThat(last.floatAt(49).get()).isEqualTo(3);
        assertThat(last.bytes().getFloat(last.byteAt(48))).isEqualTo(2);
        assertThat(last.first()).isEqualTo(LENGTH - 50);

        Memory narrow = Memory.narrow(flat, LENGTH - 2);
        narrow.write(new short[] {Bfloat16.bits(1.5f), Bfloat16.bits(-2)}, 2, 2);
        assertThat(narrow.read(3)).isEqualTo(-2);
        assertThat(flat.getFloat(LENGTH - 1)).isEqualTo(Float.intBitsToFloat(0xc0003fc0));
        flat.close();
    }

    /** Of a vector that is longer than that its beginning. */
    @Test
    void whatBeginsBeforeIsReachedAsFarAsABufferCounts() {
        INDArray flat = Nd4j.createUninitializedDetached(DataType.FLOAT, LENGTH);
        Memory all = Memory.of(flat, 0);
        int last = Integer.MAX_VALUE / Float.BYTES - 1;
        all.write(new float[] {7}, 0, last, 1);
        assertThat(all.read(last)).isEqualTo(7);
        assertThat(flat.getFloat(last)).isEqualTo(7);
        assertThat(all.bytes().getFloat(all.byteAt(last))).isEqualTo(7);
        flat.close();
    }
}
