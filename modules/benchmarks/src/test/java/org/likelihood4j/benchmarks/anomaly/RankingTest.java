package org.likelihood4j.benchmarks.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.likelihood4j.data.Table;
import org.likelihood4j.data.VectorShape;

class RankingTest {
    private static Table labelled(int... labels) {
        return Table.owning(VectorShape.numbered(1), new double[labels.length], labels);
    }

    @Test
    void equalScoresCountHalf() {
        Ranking ranking = Ranking.of(labelled(0, 1, 0, 1), 1, 2, 2, 3);
        assertThat(ranking.auroc()).isEqualTo(3.5 / 4);
        assertThat(ranking.averagePrecision()).isCloseTo((1 + 2.0 / 3) / 2, within(1e-15));
    }

    /** Two normal distributions a distance d apart: P(anomaly above normal) = Phi(d / sqrt 2), 0.7602 for d = 1; its error here is 0.004. */
    @Test
    void theShareOfPairsIsThatOfTheDistributions() {
        Random random = new Random(1);
        int rows = 20_000;
        int[] labels = new int[rows];
        double[] scores = new double[rows];
        for (int i = 0; i < rows; i++) {
            labels[i] = i % 2;
            scores[i] = labels[i] + random.nextGaussian();
        }
        assertThat(Ranking.of(labelled(labels), scores).auroc()).isCloseTo(0.76025, within(0.016));
    }

    @Test
    void theNearestNeighboursMeasureTheDistanceToTheKth() {
        Table train = Table.owning(VectorShape.numbered(2), new double[] {0, 0, 3, 4, 6, 8, 0, 1}, new int[4]);
        Table test = Table.owning(VectorShape.numbered(2), new double[] {0, 0, 3, 4}, new int[2]);
        assertThat(new NearestNeighbours(1).scores(train, test, 1)).containsExactly(0, 0);
        assertThat(new NearestNeighbours(3).scores(train, test, 1)).containsExactly(5, 5);
    }
}
