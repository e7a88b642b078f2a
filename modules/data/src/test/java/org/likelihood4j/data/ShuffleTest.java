package org.likelihood4j.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShuffleTest {
    @Test
    void givesAPermutation() {
        for (int n : new int[] {0, 1, 2, 1000}) {
            assertThat(Shuffle.permutation(n, 3, 5))
                    .containsExactlyInAnyOrder(IntStream.range(0, n).toArray());
        }
    }

    @Test
    void dependsOnSeedAndEpochAndNothingElse() {
        int[] first = Shuffle.permutation(1000, 3, 5);
        assertThat(Shuffle.permutation(1000, 3, 5)).isEqualTo(first);
        assertThat(Shuffle.permutation(1000, 3, 6)).isNotEqualTo(first);
        assertThat(Shuffle.permutation(1000, 4, 5)).isNotEqualTo(first);
        assertThat(Shuffle.permutation(1000, 5, 3)).isNotEqualTo(first);
    }

    @Test
    void shardsAreShuffledIndependently() {
        int[] first = Shuffle.permutation(1000, 3, 5, 2);
        assertThat(first).containsExactlyInAnyOrder(IntStream.range(0, 1000).toArray());
        assertThat(Shuffle.permutation(1000, 3, 5, 2)).isEqualTo(first);
        for (int[] other : List.of(
                Shuffle.permutation(1000, 3, 5, 1),
                Shuffle.permutation(1000, 3, 6, 2),
                Shuffle.permutation(1000, 4, 5, 2),
                Shuffle.permutation(1000, 3, 5))) {
            int[] order = other;
            // Places where two independent orders agree are 1 +- 1.
            assertThat(IntStream.range(0, 1000)
                            .filter(i -> order[i] == first[i])
                            .count())
                    .isLessThan(8);
        }
    }

    @Test
    void allOrdersComeEquallyOften() {
        Map<String, Integer> counts = new HashMap<>();
        int epochs = 24_000;
        for (int epoch = 0; epoch < epochs; epoch++) {
            counts.merge(Arrays.toString(Shuffle.permutation(4, 9, epoch)), 1, Integer::sum);
        }
        assertThat(counts).hasSize(24);
        // 5 standard deviations around 1000.
        assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(840, 1160));
    }
}
