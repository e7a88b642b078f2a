package org.likelihood4j.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.columns.Column;
import org.likelihood4j.data.columns.ColumnKind;

class ImputationTest {
    private static final VectorShape SHAPE = new VectorShape(List.of(
            new Column("there", new ColumnKind.Real()),
            new Column("word", new ColumnKind.Category(List.of("a", "b", "c"))),
            new Column("number", new ColumnKind.Real()),
            new Column("count", new ColumnKind.Whole())));

    private static Imputation imputation(double... logWeights) {
        double[][] drawn = {{0, 1, 2}, {2, 3, 5}, {2, 5, 7}, {1, 100, 9}};
        double[] row = {7, Double.NaN, Double.NaN, Double.NaN};
        return new Imputation(SHAPE, row, new int[] {1, 2, 3}, drawn, Imputation.weights(logWeights));
    }

    /** Of log-weights that would overflow. */
    @Test
    void weightsAddUpToOne() {
        assertThat(Imputation.weights(1000, 1000 + Math.log(3)))
                .containsExactly(new double[] {0.25, 0.75}, within(1e-12));
        assertThat(Imputation.weights(-4000, Double.NEGATIVE_INFINITY)).containsExactly(1, 0);
        assertThat(imputation(0, 0, 0, 0).effectiveDraws()).isCloseTo(4, within(1e-12));
        assertThat(imputation(0, -900, -900, -900).effectiveDraws()).isCloseTo(1, within(1e-12));
    }

    /** Shares 0.4, 0.3, 0.2 and 0.1: the word 'c' has the most, though 'a' has the largest single one. */
    @Test
    void expectedIsTheWeightedMeanAndTheMostProbableWord() {
        double[] filled =
                imputation(Math.log(4), Math.log(3), Math.log(2), Math.log(1)).expected();
        assertThat(filled).containsExactly(new double[] {7, 2, 0.4 + 0.9 + 1 + 10, 5}, within(1e-12));
    }

    /** Each draw as often as its weight says, within four standard errors; cells of one draw stay together. */
    @Test
    void drawsHaveTheirWeights() {
        int count = 20_000;
        List<double[]> rows =
                imputation(Math.log(4), Math.log(3), Math.log(2), Math.log(1)).resampled(count, 3);
        double[][] drawn = {{7, 0, 1, 2}, {7, 2, 3, 5}, {7, 2, 5, 7}, {7, 1, 100, 9}};
        for (int k = 0; k < 4; k++) {
            double[] one = drawn[k];
            double p = 0.4 - 0.1 * k;
            double share = rows.stream().filter(row -> Arrays.equals(row, one)).count() / (double) count;
            assertThat(share).isCloseTo(p, within(4 * Math.sqrt(p * (1 - p) / count)));
        }
    }
}
