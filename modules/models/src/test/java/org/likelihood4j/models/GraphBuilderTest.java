package org.likelihood4j.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The operations that SameDiff gets wrong. */
class GraphBuilderTest {
    @Test
    void softplusAndItsSlopeAreExactFromEndToEndAndAtZero() {
        double[] x = {-1e4, -100, -20, -1, 0, 1e-9, 1, 20, 100, 1e4};
        for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
            GraphBuilder g = new GraphBuilder(type);
            SDVariable input = g.sameDiff().var("x", Nd4j.createFromArray(x).castTo(type));
            SDVariable y = g.softplus(input);
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

    @Test
    void columnsHaveTheRightGradientForAnyWidthAndBatch() {
        for (int[] c :
                new int[][] {{1, 5, 2, 5}, {1, 5, 0, 2}, {1, 2, 1, 2}, {3, 2, 1, 2}, {3, 5, 1, 4}, {1, 1, 0, 1}}) {
            GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
            double[][] weights = PlainMath.normal(c[0], c[3] - c[2], 1);
            SDVariable x = g.sameDiff().var("x", Nd4j.createFromArray(PlainMath.normal(c[0], c[1], 2)));
            SDVariable w = g.sameDiff().constant("w", Nd4j.createFromArray(weights));
            SDVariable loss = g.columns(x, c[2], c[3]).mul(w).sum();
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

    @Test
    void anOutputIsNeverAnInputOrAnotherOutputItself() {
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        SDVariable x = g.input(new FunctionInput.Value("value", 2));
        SDVariable y = x.mul(2);
        ModelFunction function = g.function(GraphBuilder.outputs("same", x, "twice", y, "again", y));
        INDArray input = Nd4j.createFromArray(new double[][] {{1, 2}});
        Map<String, INDArray> out =
                new BoundGraph(function.graph(), Map.of()).run(function.outputs(), Map.of("value", input));
        assertThat(out.get("same")).isNotSameAs(input).isEqualTo(input);
        assertThat(out.get("again")).isNotSameAs(out.get("twice")).isEqualTo(out.get("twice"));
    }

    @Test
    void contradictionsAreRefusedByName() {
        GraphBuilder g = new GraphBuilder(DataType.FLOAT);
        g.input(new FunctionInput.Value("value", 2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> g.input(new FunctionInput.Value("value", 3)))
                .withMessageContaining("value");
        SDVariable x = g.sameDiff().getVariable("value");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GraphBuilder.outputs("a", x, "a", x))
                .withMessageContaining("distinct");
        Parameter a = new Parameter("a", List.of(2L, 3L), Initializer.zeros(), true);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ParameterLayout(List.of(a, a)))
                .withMessageContaining("two parameters are named a");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ParameterLayout(List.of(a)).entry("b"))
                .withMessageContaining("b");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Parameter("p", List.of(2L, 0L), Initializer.zeros(), true))
                .withMessageContaining("p: every dimension");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Path.root().child("a b"))
                .withMessageContaining("'a b'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Initializer.Uniform(0))
                .withMessageContaining("limit");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GraphBuilder(DataType.BFLOAT16))
                .withMessageContaining("FLOAT or DOUBLE");
    }

    @Test
    void aLayoutTilesItsVectorInOrder() {
        ParameterLayout layout = new ParameterLayout(List.of(
                new Parameter("a", List.of(2L, 3L), Initializer.zeros(), true),
                new Parameter("b", List.of(4L), Initializer.zeros(), false)));
        assertThat(layout.entries()).extracting(ParameterLayout.Entry::offset).containsExactly(0L, 6L);
        assertThat(layout.length()).isEqualTo(10);
        assertThat(layout.entry("b").offset()).isEqualTo(6);
    }
}
