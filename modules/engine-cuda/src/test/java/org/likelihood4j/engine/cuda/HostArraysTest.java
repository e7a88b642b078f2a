package org.likelihood4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Arrays of any order, and pieces of any size. */
class HostArraysTest {
    @Test
    void viewsAndOtherOrdersAreReadInCOrder() {
        INDArray array = Nd4j.createFromArray(1f, 2f, 3f, 4f, 5f, 6f).reshape(2, 3);
        Memory memory = new Memory(6L * Float.BYTES);
        HostArrays.read(array, memory);
        assertThat(memory.getFloatArray(0, 6)).containsExactly(1, 2, 3, 4, 5, 6);
        HostArrays.read(array.dup('f'), memory);
        assertThat(memory.getFloatArray(0, 6)).containsExactly(1, 2, 3, 4, 5, 6);
        HostArrays.read(array.transpose(), memory);
        assertThat(memory.getFloatArray(0, 6)).containsExactly(1, 4, 2, 5, 3, 6);
        INDArray copy = Nd4j.zeros(DataType.FLOAT, 3, 2);
        HostArrays.write(memory, copy);
        assertThat(copy).isEqualTo(array.transpose());
    }

    /** As of more than 2 GiB. */
    @Test
    void copiesGoOnBehindEachPiece() {
        for (int most : new int[] {1, 7, 8, 100}) {
            Memory from = new Memory(24);
            for (int i = 0; i < 24; i++) {
                from.setByte(i, (byte) (i + 1));
            }
            Memory to = new Memory(25);
            to.setByte(24, (byte) 99);
            HostArrays.copy(from, to, 24, most);
            assertThat(to.getByteArray(0, 24)).isEqualTo(from.getByteArray(0, 24));
            assertThat(to.getByte(24)).isEqualTo((byte) 99);
        }
    }
}
