package org.likelihood4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.likelihood4j.engine.cuda.Lanes.Piece;
import org.likelihood4j.engine.cuda.Lanes.Span;

/** Work of two lanes waits for what it must, and for nothing twice. */
class LanesTest {
    private static Piece piece(int lane, Span read, Span written) {
        return new Piece(lane, List.of(read), List.of(written));
    }

    @Test
    void workWaitsForWhatItReadsAndForReadersOfWhatItWrites() {
        Lanes lanes = new Lanes(List.of(
                piece(0, new Span(0, 8), new Span(8, 16)),
                piece(1, new Span(8, 16), new Span(100, 108)),
                piece(0, new Span(0, 8), new Span(16, 24)),
                // Over what the second one reads.
                piece(0, new Span(16, 24), new Span(12, 20)),
                piece(1, new Span(12, 20), new Span(108, 116)),
                piece(1, new Span(12, 20), new Span(116, 124))));
        assertThat(lanes.waits(0)).isEmpty();
        assertThat(lanes.waits(1)).containsExactly(0);
        assertThat(lanes.waits(2)).isEmpty();
        assertThat(lanes.waits(3)).containsExactly(1);
        assertThat(lanes.waits(4)).containsExactly(3);
        assertThat(lanes.waits(5)).as("it has waited for that one already").isEmpty();
        assertThat(lanes.isAwaited(2)).isFalse();
        assertThat(lanes.isAwaited(3)).isTrue();
    }

    /** Of random work: who conflicts with an earlier piece comes after it by lanes and waits alone. */
    @Test
    void conflictsAreOrdered() {
        Random random = new Random(1);
        for (int trial = 0; trial < 200; trial++) {
            List<Piece> pieces = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                pieces.add(piece(random.nextInt(2), span(random), span(random)));
            }
            Lanes lanes = new Lanes(pieces);
            List<BitSet> before = new ArrayList<>();
            int[] last = {-1, -1};
            for (int i = 0; i < pieces.size(); i++) {
                BitSet all = new BitSet();
                List<Integer> direct = new ArrayList<>(lanes.waits(i));
                direct.add(last[pieces.get(i).lane()]);
                for (int j : direct) {
                    if (j >= 0) {
                        all.set(j);
                        all.or(before.get(j));
                    }
                }
                before.add(all);
                last[pieces.get(i).lane()] = i;
                for (int j = 0; j < i; j++) {
                    assertThat(all.get(j) || !pieces.get(j).conflicts(pieces.get(i)))
                            .isTrue();
                }
            }
        }
    }

    private static Span span(Random random) {
        long from = random.nextInt(60);
        return new Span(from, from + 1 + random.nextInt(6));
    }
}
