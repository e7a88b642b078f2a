package org.likelihood4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchesTest {
    private final ImageSet set = ImageSetTest.counting(10);

    @Test
    void trainingDropsTheIncompleteBatch() {
        assertThat(Batches.perEpoch(set, 4)).isEqualTo(2);
        assertThat(Batches.perEpoch(set, 5)).isEqualTo(2);
        assertThat(Batches.perEpoch(set, 11)).isZero();
        int[] order = Shuffle.permutation(10, 1, 0);
        List<Integer> seen = new ArrayList<>();
        for (int b = 0; b < 2; b++) {
            Batch batch = Batches.training(set, 4, order, b);
            assertThat(batch.size()).isEqualTo(4).isEqualTo(batch.capacity());
            for (int row = 0; row < 4; row++) {
                seen.add(batch.indices()[row]);
                assertRow(batch, row);
            }
        }
        assertThat(seen).hasSize(8).doesNotHaveDuplicates();
        assertThatThrownBy(() -> Batches.training(set, 4, order, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Batches.training(set, 4, new int[9], 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void chosenImagesComeInTheirOrderAndAreRepeatedToFillTheBatch() {
        Batch batch = Batches.of(set, new int[] {7, 2, 2}, 5);
        assertThat(batch.size()).isEqualTo(3);
        assertThat(batch.indices()).containsExactly(7, 2, 2, 2, 2);
        for (int row = 0; row < 5; row++) {
            assertRow(batch, row);
        }
        assertThatThrownBy(() -> Batches.of(set, new int[0], 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Batches.of(set, new int[6], 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Batches.of(set, new int[] {10}, 5)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void evaluationCoversAllAndPadsTheLastBatch() {
        assertThat(Batches.covering(set, 4)).isEqualTo(3);
        assertThat(Batches.covering(set, 5)).isEqualTo(2);
        assertThat(Batches.covering(set.slice(0, 0), 4)).isZero();
        Batch last = Batches.evaluation(set, 4, 2);
        assertThat(last.size()).isEqualTo(2);
        assertThat(last.capacity()).isEqualTo(4);
        assertThat(last.indices()).containsExactly(8, 9, 9, 9);
        for (int row = 0; row < 4; row++) {
            assertRow(last, row);
        }
        assertThat(Batches.evaluation(set, 4, 1).indices()).containsExactly(4, 5, 6, 7);
        assertThat(Batches.evaluation(set.slice(0, 1), 3, 0).indices()).containsExactly(0, 0, 0);
    }

    @Test
    void refusesABatchSizeOfZero() {
        assertThatThrownBy(() -> Batches.covering(set, 0))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("at least 1");
    }

    private void assertRow(Batch batch, int row) {
        int index = batch.indices()[row];
        assertThat(batch.labels()[row]).isEqualTo(set.label(index));
        for (int p = 0; p < 4; p++) {
            assertThat(batch.values().doubles()[4 * row + p]).isEqualTo(4 * index + p);
        }
    }
}
