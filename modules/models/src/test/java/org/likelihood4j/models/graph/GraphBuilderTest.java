package org.likelihood4j.models.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.likelihood4j.models.BoundGraph;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterLayout;
import org.likelihood4j.models.ParameterPath;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What a function declares, and what is refused. */
class GraphBuilderTest {
    @Test
    void anOutputIsNeverAnInputOrAnotherOutputItself() {
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        SDVariable x = g.input(new FunctionInput.Value("value", EventShape.row(2)));
        SDVariable y = x.mul(2);
        EventShape row = EventShape.row(2);
        ModelFunction function = g.function(
                new Outputs().events("same", row, x).events("twice", row, y).events("again", row, y));
        INDArray input = Nd4j.createFromArray(new double[][] {{1, 2}});
        Map<String, INDArray> out =
                new BoundGraph(function.graph(), Map.of()).run(function.outputNames(), Map.of("value", input));
        assertThat(out.get("same")).isNotSameAs(input).isEqualTo(input);
        assertThat(out.get("again")).isNotSameAs(out.get("twice")).isEqualTo(out.get("twice"));
    }

    @Test
    void contradictionsAreRefusedByName() {
        GraphBuilder g = new GraphBuilder(DataType.FLOAT);
        g.input(new FunctionInput.Value("value", EventShape.row(2)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> g.input(new FunctionInput.Value("value", EventShape.row(3))))
                .withMessageContaining("value");
        SDVariable x = g.sameDiff().getVariable("value");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Outputs().scalar("a", x).scalar("a", x))
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
                .isThrownBy(() -> ParameterPath.root().child("a b"))
                .withMessageContaining("'a b'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Initializer.Uniform(0))
                .withMessageContaining("limit");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GraphBuilder(DataType.BFLOAT16))
                .withMessageContaining("FLOAT or DOUBLE");
    }

    @Test
    void aLayoutKeepsTheOrderAndAlignsEachTensor() {
        ParameterLayout layout = new ParameterLayout(List.of(
                new Parameter("a", List.of(2L, 3L), Initializer.zeros(), true),
                new Parameter("b", List.of(4L), Initializer.zeros(), false)));
        assertThat(layout.entries()).extracting(ParameterLayout.Entry::offset).containsExactly(0L, 16L);
        assertThat(layout.length()).isEqualTo(10);
        assertThat(layout.entry("b").offset()).isEqualTo(16);
    }
}
