package org.likelihood4j.models.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.models.BoundGraph;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Functions;
import org.likelihood4j.models.bijectors.coupling.AffineFamily;
import org.likelihood4j.models.flow.Flow;
import org.likelihood4j.models.flow.HalfOrder;
import org.likelihood4j.models.flow.RowData;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.Outputs;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.Mlp;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What networks are told of columns, and that the density is one of the others. */
class GivenColumnsTest {
    /** A word, two numbers that are modelled, and numbers that are given: whole, above -1. */
    private static final GivenColumns COLUMNS = new GivenColumns(
            List.of(
                    new Support.Cells(3),
                    new Support.Line(),
                    new Support.Integers(),
                    new Support.Line(),
                    new Support.HalfLine(-1)),
            List.of(4, 0, 2));

    @Test
    void networksSeeNumbersOnTheLineStandardisedAndWordsOneByOne() {
        GraphBuilder g = COLUMNS.tellingOfData(new GraphBuilder(DataType.DOUBLE));
        assertThat(COLUMNS.size()).isEqualTo(5);
        assertThat(COLUMNS.input().columns()).containsExactly(0, 2, 4);
        var function = g.function(new Outputs().matrix("told", COLUMNS.size(), g.told()));
        double[] mean = {7, 0.5};
        double[] deviation = {2, 0.25};
        Map<String, double[]> values = new HashMap<>();
        values.put("given/standardization/shift", mean);
        values.put("given/standardization/logScale", new double[] {Math.log(2), Math.log(0.25)});
        double[][] rows = {{2, 9, 4, 9, 1.5}, {0, 9, 11, 9, -0.5}};
        double[][] told = BoundGraph.matrix(
                Functions.only(function, values, Map.of("values", Functions.array(rows, DataType.DOUBLE))));
        for (int n = 0; n < rows.length; n++) {
            double whole = (rows[n][2] - mean[0]) / deviation[0];
            double log = (Math.log(rows[n][4] + 1) - mean[1]) / deviation[1];
            double[] words = new double[3];
            words[(int) rows[n][0]] = 1;
            assertThat(told[n]).containsExactly(new double[] {whole, log, words[0], words[1], words[2]}, within(1e-12));
        }
    }

    @Test
    void theStatisticsAreOfTheGivenNumbersOnTheLine() {
        var initialization = COLUMNS.initialization(DataType.DOUBLE).orElseThrow();
        double[][] rows = {{2, 9, 4, 9, 1.5}, {0, 9, 11, 9, -0.5}};
        double[][] seen = BoundGraph.matrix(Functions.only(
                initialization.statistic(), Map.of(), Map.of("values", Functions.array(rows, DataType.DOUBLE))));
        assertThat(seen[0]).containsExactly(new double[] {4, Math.log(2.5)}, within(1e-12));
        assertThat(seen[1]).containsExactly(new double[] {11, Math.log(0.5)}, within(1e-12));
        GivenColumns words = new GivenColumns(List.of(new Support.Cells(3), new Support.Line()), List.of(0));
        assertThat(words.initialization(DataType.DOUBLE)).isEmpty();
        assertThat(words.buffers()).isEmpty();
    }

    /** Of three conditions, in float64, by the trapezoidal rule, which is exact to rounding where a smooth function vanishes at both ends. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void theDensityOfTheOthersIntegratesToOneWhateverIsGiven(int word) {
        Mlp.Hidden network = new Mlp.Hidden(List.of(4), Activation.TANH);
        Flow flow = new Flow(new Flow.Options(
                new RowData(COLUMNS, HalfOrder.HALVES, false),
                2,
                network.told(COLUMNS.size()),
                new AffineFamily(1),
                DataType.DOUBLE));
        assertThat(flow.shape()).isEqualTo(EventShape.row(5));
        assertThat(flow.latentShape()).isEqualTo(EventShape.row(2));
        Map<String, double[]> values = Functions.perturbed(flow, 0.3, 3);
        int side = 401;
        double step = 0.15;
        double[][] rows = new double[side * side][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new double[] {word, (i / side - 200) * step, 3 + word, (i % side - 200) * step, word};
        }
        INDArray densities =
                Functions.only(flow.logWeight(), values, Map.of("values", Functions.array(rows, DataType.DOUBLE)));
        double sum = 0;
        for (double log : densities.toDoubleVector()) {
            sum += Math.exp(log) * step * step;
        }
        assertThat(sum).isCloseTo(1, within(1e-4));
        double[] other = rows[side * side / 2].clone();
        other[0] = (word + 1) % 3;
        double there = densities.getDouble(side * side / 2);
        double elsewhere = Functions.only(
                        flow.logWeight(),
                        values,
                        Map.of("values", Functions.array(new double[][] {other}, DataType.DOUBLE)))
                .getDouble(0);
        assertThat(elsewhere).isNotCloseTo(there, within(1e-3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0,0", "2", "-1", "0,1"})
    void someButNotAllColumnsAreTold(String places) {
        List<Integer> told = places.isEmpty()
                ? List.of()
                : List.of(places.split(",")).stream().map(Integer::valueOf).toList();
        List<Support> two = List.of(new Support.Line(), new Support.Line());
        assertThatThrownBy(() -> new GivenColumns(two, told))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("some but not all of 2 columns");
    }
}
