package org.likelihood4j.models.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.likelihood4j.models.BoundGraph;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.PlainMath;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.InferenceSession;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The operations that SameDiff gets wrong. */
class StableOpsTest {
    @Test
    void softplusAndItsSlopeAreExactFromEndToEndAndAtZero() {
        double[] x = {-1e4, -100, -20, -1, 0, 1e-9, 1, 20, 100, 1e4};
        for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
            GraphBuilder g = new GraphBuilder(type);
            SDVariable input = g.sameDiff().var("x", Nd4j.createFromArray(x).castTo(type));
            SDVariable y = StableOps.softplus(input);
            SDVariable loss = y.sum();
            BoundGraph graph = new BoundGraph(g.sameDiff(), Map.of());
            double[] values = graph.run(y.name(), Map.of()).toDoubleVector();
            double[] slopes = graph.gradients(loss.name(), List.of("x"), Map.of())
                    .get("x")
                    .toDoubleVector();
            double tolerance = type == DataType.DOUBLE ? 1e-14 : 1e-6;
            for (int i = 0; i < x.length; i++) {
                double expected = PlainMath.softplus(x[i]);
                assertThat(values[i]).as("softplus(%s)", x[i]).isCloseTo(expected, within(tolerance * (1 + expected)));
                assertThat(slopes[i]).as("slope at %s", x[i]).isCloseTo(PlainMath.sigmoid(x[i]), within(tolerance));
            }
        }
    }

    /** Near 0 it is x; far away it is at the bound, which float64's tanh reaches. */
    @Test
    void boundedStaysInItsBoundsAndHasTheSlopeOfTanh() {
        double[] x = {-1e6, -3, -1e-9, 0, 0.5, 2, 1e6};
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        SDVariable y = StableOps.bounded(g.sameDiff().var("x", Nd4j.createFromArray(x)), 1.5);
        SDVariable loss = y.sum();
        BoundGraph graph = new BoundGraph(g.sameDiff(), Map.of());
        double[] values = graph.run(y.name(), Map.of()).toDoubleVector();
        double[] slopes =
                graph.gradients(loss.name(), List.of("x"), Map.of()).get("x").toDoubleVector();
        for (int i = 0; i < x.length; i++) {
            double t = Math.tanh(x[i] / 1.5);
            assertThat(values[i]).isCloseTo(1.5 * t, within(1e-14));
            assertThat(slopes[i]).isCloseTo(1 - t * t, within(1e-14));
        }
    }

    @Test
    void columnsHaveTheRightGradientForAnyWidthAndBatch() {
        for (int[] c :
                new int[][] {{1, 5, 2, 5}, {1, 5, 0, 2}, {1, 2, 1, 2}, {3, 2, 1, 2}, {3, 5, 1, 4}, {1, 1, 0, 1}}) {
            GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
            double[][] weights = PlainMath.normal(c[0], c[3] - c[2], 1);
            SDVariable x = g.sameDiff().var("x", Nd4j.createFromArray(PlainMath.normal(c[0], c[1], 2)));
            SDVariable w = g.sameDiff().constant("w", Nd4j.createFromArray(weights));
            SDVariable loss = StableOps.columns(x, c[2], c[3]).mul(w).sum();
            INDArray gradient = new BoundGraph(g.sameDiff(), Map.of())
                    .gradients(loss.name(), List.of("x"), Map.of())
                    .get("x");
            for (int n = 0; n < c[0]; n++) {
                for (int i = 0; i < c[1]; i++) {
                    double expected = i >= c[2] && i < c[3] ? weights[n][i - c[2]] : 0;
                    assertThat(gradient.getDouble(n, i)).isEqualTo(expected);
                }
            }
        }
    }

    /** In a session that recycles its arrays too, and for new inputs. */
    @Test
    void aStoppedValuePassesAndItsGradientDoesNot() {
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        SDVariable x = g.sameDiff().var("x", Nd4j.createFromArray(0.0, 0.0, 0.0));
        SDVariable weight =
                g.input(new FunctionInput.Value("weight", EventShape.row(3))).reshape(-1);
        SDVariable twice = x.mul(2);
        // Of 2x stop(2x) w the slope is 2 stop(2x) w, half of what it is without the stop.
        SDVariable product =
                twice.mul(StableOps.stopGradient(twice)).mul(weight).rename("product");
        product.sum().rename("loss");
        BoundGraph graph = new BoundGraph(g.sameDiff(), Map.of());
        graph.gradients("loss", List.of("x"), Map.of("weight", Nd4j.zeros(DataType.DOUBLE, 1, 3)));
        SameDiff backward = g.sameDiff().getFunction("grad");
        InferenceSession recycling = new InferenceSession(backward);
        for (int run = 0; run < 3; run++) {
            double[] at = PlainMath.normal(1, 3, run)[0];
            double[][] w = PlainMath.normal(1, 3, 10 + run);
            graph.value("x").assign(Nd4j.createFromArray(at));
            Map<String, INDArray> inputs = Map.of("weight", Nd4j.createFromArray(w));
            double[] value = graph.run("product", inputs).toDoubleVector();
            double[] slope =
                    graph.gradients("loss", List.of("x"), inputs).get("x").toDoubleVector();
            Map<String, INDArray> recycled = recycling.output(
                    List.of("product", "x-grad"),
                    inputs,
                    null,
                    List.of(),
                    List.of(),
                    At.defaultAt(Operation.INFERENCE));
            assertThat(recycled.get("product").toDoubleVector()).containsExactly(value);
            assertThat(recycled.get("x-grad").toDoubleVector()).containsExactly(slope);
            for (int i = 0; i < 3; i++) {
                assertThat(value[i]).isCloseTo(4 * at[i] * at[i] * w[0][i], within(1e-14));
                assertThat(slope[i]).isCloseTo(4 * at[i] * w[0][i], within(1e-14));
            }
        }
    }

    /**
     * 3 x 224 x 224 columns, of which a matrix of zeros and ones would have 22 billion elements.
     */
    @ParameterizedTest
    @CsvSource({"1, 1", "1, 2", "3, 1", "3, 7", "2, 150528"})
    void reorderedColumnsAreThemselvesAndSoAreTheirGradients(int rows, int size) {
        int[] order = IntStream.range(0, size).toArray();
        Random random = new Random(size);
        for (int i = size - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int other = order[i];
            order[i] = order[j];
            order[j] = other;
        }
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        double[][] values = PlainMath.normal(rows, size, 1);
        double[][] weights = PlainMath.normal(rows, size, 2);
        SDVariable x = g.sameDiff().var("x", Nd4j.createFromArray(values));
        SDVariable y = StableOps.reorder(x, order);
        SDVariable loss =
                y.mul(g.sameDiff().constant(Nd4j.createFromArray(weights))).sum();
        BoundGraph graph = new BoundGraph(g.sameDiff(), Map.of());
        double[][] actual = BoundGraph.matrix(graph.run(y.name(), Map.of()));
        double[][] slopes = BoundGraph.matrix(
                graph.gradients(loss.name(), List.of("x"), Map.of()).get("x"));
        for (int n = 0; n < rows; n++) {
            for (int i = 0; i < size; i++) {
                assertThat(actual[n][i]).isEqualTo(values[n][order[i]]);
                assertThat(slopes[n][order[i]]).isEqualTo(weights[n][i]);
            }
        }
    }

    @Test
    void behindAStopEveryGradientIsZero() {
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        SDVariable x = g.sameDiff().var("x", Nd4j.createFromArray(1.0, 2.0));
        SDVariable y = g.sameDiff().var("y", Nd4j.createFromArray(3.0, 4.0));
        StableOps.stopGradient(g.sameDiff().math().exp(x)).mul(y).sum().rename("loss");
        Map<String, INDArray> gradients =
                new BoundGraph(g.sameDiff(), Map.of()).gradients("loss", List.of("x", "y"), Map.of());
        assertThat(gradients.get("x").toDoubleVector()).containsExactly(0, 0);
        assertThat(gradients.get("y").toDoubleVector())
                .containsExactly(new double[] {Math.E, Math.exp(2)}, within(1e-14));
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "1, 1, 3", "1, 2, 3", "3, 1, 2", "3, 2, 1", "3, 2, 4"})
    void repeatedRowsFollowTheirOriginalAndGatherItsGradient(int rows, int size, int times) {
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        double[][] values = PlainMath.normal(rows, size, 1);
        double[][] weights = PlainMath.normal(rows * times, size, 2);
        SDVariable x = g.sameDiff().var("x", Nd4j.createFromArray(values));
        SDVariable repeated = StableOps.repeatRows(x, size, times);
        SDVariable loss = repeated.mul(g.sameDiff().constant(Nd4j.createFromArray(weights)))
                .sum();
        String name = repeated.name();
        BoundGraph graph = new BoundGraph(g.sameDiff(), Map.of());
        double[][] actual = BoundGraph.matrix(times == 1 ? graph.value("x") : graph.run(name, Map.of()));
        double[][] slopes = BoundGraph.matrix(
                graph.gradients(loss.name(), List.of("x"), Map.of()).get("x"));
        assertThat(actual).hasDimensions(rows * times, size);
        for (int n = 0; n < rows; n++) {
            double[] slope = new double[size];
            for (int i = 0; i < times; i++) {
                assertThat(actual[n * times + i]).containsExactly(values[n]);
                for (int j = 0; j < size; j++) {
                    slope[j] += weights[n * times + i][j];
                }
            }
            assertThat(slopes[n]).containsExactly(slope, within(1e-14));
        }
    }

    @Test
    void logSumExpAndItsSlopeAreExactFromEndToEnd() {
        double[][][] cases = {
            {{0.3, -1.2, 2}, {5, 5, 5}, {-1, 0, 1}},
            {{-1e4, -1e4, -1e4 + 1}, {1e4, 1e4 - 2, 0}, {0, 800, -800}},
            {{0.4, -0.7}},
            {{-750}, {750}},
            {{3}},
        };
        for (double[][] x : cases) {
            int size = x[0].length;
            GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
            double[] weights = PlainMath.normal(1, x.length, 1)[0];
            SDVariable y = StableOps.logSumExp(g.sameDiff().var("x", Nd4j.createFromArray(x)), size);
            SDVariable loss =
                    y.mul(g.sameDiff().constant(Nd4j.createFromArray(weights))).sum();
            BoundGraph graph = new BoundGraph(g.sameDiff(), Map.of());
            INDArray values = graph.run(y.name(), Map.of());
            assertThat(values.shape()).containsExactly(x.length);
            double[][] slopes = BoundGraph.matrix(
                    graph.gradients(loss.name(), List.of("x"), Map.of()).get("x"));
            for (int n = 0; n < x.length; n++) {
                double expected = PlainMath.logSumExp(x[n]);
                assertThat(values.getDouble(n)).isCloseTo(expected, within(1e-14 * (1 + Math.abs(expected))));
                for (int j = 0; j < size; j++) {
                    assertThat(slopes[n][j]).isCloseTo(weights[n] * Math.exp(x[n][j] - expected), within(1e-11));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 3", "4, 1", "4, 3"})
    void theMeanOverExamplesAndItsSlope(int rows, int size) {
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        double[][] values = PlainMath.normal(rows, size, 1);
        double[][] weights = PlainMath.normal(1, size, 2);
        SDVariable mean = StableOps.meanOverRows(g.sameDiff().var("x", Nd4j.createFromArray(values)), size);
        SDVariable loss =
                mean.mul(g.sameDiff().constant(Nd4j.createFromArray(weights))).sum();
        BoundGraph graph = new BoundGraph(g.sameDiff(), Map.of());
        double[][] actual = BoundGraph.matrix(graph.run(mean.name(), Map.of()));
        double[][] slopes = BoundGraph.matrix(
                graph.gradients(loss.name(), List.of("x"), Map.of()).get("x"));
        assertThat(actual).hasDimensions(1, size);
        for (int j = 0; j < size; j++) {
            assertThat(actual[0][j]).isCloseTo(PlainMath.mean(PlainMath.column(values, j)), within(1e-14));
            for (int n = 0; n < rows; n++) {
                assertThat(slopes[n][j]).isCloseTo(weights[0][j] / rows, within(1e-14));
            }
        }
    }
}
