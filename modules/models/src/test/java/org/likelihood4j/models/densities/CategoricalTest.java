package org.likelihood4j.models.densities;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.likelihood4j.models.BoundGraph;
import org.likelihood4j.models.PlainMath;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class CategoricalTest {
    private static final List<List<Integer>> TABLES = List.of(List.of(3), List.of(2, 4), List.of(1, 3, 2));

    private static double[] logits(List<Integer> sizes, double scale) {
        return Arrays.stream(PlainMath.normal(1, sizes.stream().mapToInt(i -> i).sum(), 3)[0])
                .map(x -> scale * x)
                .toArray();
    }

    /** The probability of a word, from the definition. */
    private static double logProb(List<Integer> sizes, double[] logits, int column, int word) {
        int start = sizes.subList(0, column).stream().mapToInt(i -> i).sum();
        double[] own = Arrays.stream(logits, start, start + sizes.get(column))
                .map(x -> 30 * Math.tanh(x / 30))
                .toArray();
        return own[word] - PlainMath.logSumExp(own);
    }

    /** All rows that there are. */
    private static double[][] rows(List<Integer> sizes) {
        List<double[]> rows = new ArrayList<>(List.of(new double[sizes.size()]));
        for (int c = 0; c < sizes.size(); c++) {
            List<double[]> more = new ArrayList<>();
            for (double[] row : rows) {
                for (int k = 0; k < sizes.get(c); k++) {
                    double[] next = row.clone();
                    next[c] = k;
                    more.add(next);
                }
            }
            rows = more;
        }
        return rows.toArray(double[][]::new);
    }

    private static SDVariable constant(GraphBuilder g, double[][] values) {
        return g.sameDiff().constant(Nd4j.createFromArray(values).castTo(g.type()));
    }

    private static double[][] run(GraphBuilder g, SDVariable value) {
        return BoundGraph.matrix(
                new BoundGraph(g.sameDiff(), Map.of()).run(value.mul(1.0).name(), Map.of()));
    }

    @Test
    void probabilitiesAreThoseOfTheSoftmaxAndAddUpToOne() {
        for (List<Integer> sizes : TABLES) {
            double[] logits = logits(sizes, 2);
            double[][] rows = rows(sizes);
            GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
            Categorical density = new Categorical(g, sizes, constant(g, PlainMath.tile(logits, rows.length)));
            double[][] actual = run(g, density.logProbs(Categorical.oneHot(g, sizes, constant(g, rows))));
            double total = 0;
            for (int n = 0; n < rows.length; n++) {
                double sum = 0;
                for (int c = 0; c < sizes.size(); c++) {
                    double expected = logProb(sizes, logits, c, (int) rows[n][c]);
                    assertThat(actual[n][c]).isCloseTo(expected, within(1e-12));
                    sum += expected;
                }
                total += Math.exp(sum);
            }
            assertThat(total).isCloseTo(1, within(1e-12));
        }
    }

    @Test
    void placesComeBackFromEvents() {
        for (List<Integer> sizes : TABLES) {
            double[][] rows = rows(sizes);
            GraphBuilder g = new GraphBuilder(DataType.FLOAT);
            SDVariable events = Categorical.oneHot(g, sizes, constant(g, rows));
            assertThat(run(g, Categorical.places(g, sizes, events))).isDeepEqualTo(rows);
        }
    }

    /** Shares within four standard errors. */
    @Test
    void samplesHaveTheProbabilitiesAndTheModeIsTheMostProbable() {
        int count = 20_000;
        for (List<Integer> sizes : TABLES) {
            double[] logits = logits(sizes, 1.5);
            GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
            Categorical density = new Categorical(g, sizes, constant(g, PlainMath.tile(logits, count)));
            SDVariable noise = constant(g, PlainMath.uniform(count, sizes.size(), 0, 1, 7));
            double[][] drawn = run(g, Categorical.places(g, sizes, density.sample(noise)));
            double[] mode = run(g, density.mode())[0];
            for (int c = 0; c < sizes.size(); c++) {
                double most = 0;
                for (int k = 0; k < sizes.get(c); k++) {
                    int column = c;
                    int word = k;
                    double p = Math.exp(logProb(sizes, logits, c, k));
                    double share = Arrays.stream(drawn)
                                    .filter(row -> row[column] == word)
                                    .count()
                            / (double) count;
                    assertThat(share).isCloseTo(p, within(4 * Math.sqrt(p * (1 - p) / count) + 1e-12));
                    most = Math.max(most, p);
                }
                assertThat(Math.exp(logProb(sizes, logits, c, (int) mode[c]))).isEqualTo(most);
            }
        }
    }

    @Test
    void gradientsAreThoseOfCentralDifferencesAndFiniteAtTheExtremes() {
        for (List<Integer> sizes : TABLES) {
            for (double scale : new double[] {1, 1e4}) {
                double[][] rows = {PlainMath.tile(new double[sizes.size()], 1)[0]};
                GraphBuilder g = new GraphBuilder(scale == 1 ? DataType.DOUBLE : DataType.FLOAT);
                SDVariable logits = g.sameDiff()
                        .var(
                                "logits",
                                Nd4j.createFromArray(new double[][] {logits(sizes, scale)})
                                        .castTo(g.type()));
                SDVariable logProb =
                        new Categorical(g, sizes, logits).logProb(Categorical.oneHot(g, sizes, constant(g, rows)));
                SDVariable loss = logProb.mul(logProb).sum();
                BoundGraph graph = new BoundGraph(g.sameDiff(), Map.of());
                if (scale == 1) {
                    graph.checkGradients(loss.name(), List.of("logits"), Map.of(), 3, 5);
                } else {
                    assertThat(graph.run(logProb.name(), Map.of()).getDouble(0)).isFinite();
                    assertThat(
                                    BoundGraph.matrix(graph.gradients(loss.name(), List.of("logits"), Map.of())
                                            .get("logits"))[0])
                            .doesNotContain(Double.NaN);
                }
            }
        }
    }
}
