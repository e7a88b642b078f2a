package org.likelihood4j.models.bijectors.coupling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.models.BoundGraph;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.ModelPart;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.PartReport;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.Outputs;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.Layer;
import org.likelihood4j.models.layers.Mlp;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a coupling is, whatever its family; and what each family is, recomputed in plain Java from
 * its conditioner's output.
 */
class CouplingTest {
    private static final double BOUND = 1.5;
    private static final ParameterPath PATH = ParameterPath.root().child("block");
    /** x1: columns 1 and 3; x2: columns 0, 2 and 4. */
    private static final Split SPLIT = new ColumnSplit(true, false, true, false, true);

    private static final int[] FIRST = {1, 3};
    private static final int[] SECOND = {0, 2, 4};
    private static final Mlp.Hidden HIDDEN = new Mlp.Hidden(List.of(4), Activation.TANH);
    private static final double[] X = {0.3, -1.2, 0.8, -0.5, 1.7};

    private static Stream<ElementwiseFamily> families() {
        return Stream.of(
                new DerivedAffineFamily(BOUND),
                new AffineFamily(BOUND),
                new AdditiveFamily(),
                new RationalQuadraticFamily(4, 1.1));
    }

    private static Coupling coupling(ElementwiseFamily family) {
        return Coupling.startingAtIdentity(PATH, SPLIT, HIDDEN, family);
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Values(double[] value, double logDet) {}

    private static Values forward(Coupling coupling, Map<String, double[]> values) {
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        Bijector.Result result =
                coupling.forward(g, g.sameDiff().constant("x", Nd4j.createFromArray(new double[][] {X})));
        ModelFunction function = g.function(new Outputs()
                .events("value", coupling.outputShape(), result.value())
                .perExample("log_det", result.logDet()));
        Map<String, INDArray> out = new BoundGraph(function.graph(), values).run(function.outputNames(), Map.of());
        return new Values(
                out.get("value").reshape(-1).toDoubleVector(),
                out.get("log_det").getDouble(0));
    }

    /** The conditioner's output at x2. */
    private static double[] network(Map<String, double[]> values, int outputs) {
        double[] hidden = values.get("block/conditioner/layer0/bias").clone();
        double[] w0 = values.get("block/conditioner/layer0/weight");
        for (int j = 0; j < hidden.length; j++) {
            for (int i = 0; i < SECOND.length; i++) {
                hidden[j] += X[SECOND[i]] * w0[i * hidden.length + j];
            }
            hidden[j] = Math.tanh(hidden[j]);
        }
        double[] output = values.get("block/conditioner/output/bias").clone();
        double[] w1 = values.get("block/conditioner/output/weight");
        assertThat(output).hasSize(outputs);
        for (int j = 0; j < output.length; j++) {
            for (int i = 0; i < hidden.length; i++) {
                output[j] += hidden[i] * w1[i * output.length + j];
            }
        }
        return output;
    }

    private static double bounded(double raw) {
        return BOUND * Math.tanh(raw / BOUND);
    }

    @Test
    void theTextbookCouplingScalesAndShiftsAndKeepsItsConditioningHalf() {
        Coupling coupling = coupling(new AffineFamily(BOUND));
        Map<String, double[]> values = BoundGraph.perturbed(coupling.parameters(), 1, 3);
        double[] theta = network(values, 4);
        Values y = forward(coupling, values);
        for (int i = 0; i < FIRST.length; i++) {
            double expected = Math.exp(bounded(theta[2 + i])) * X[FIRST[i]] + theta[i];
            assertThat(y.value()[FIRST[i]]).isCloseTo(expected, within(1e-12));
        }
        for (int i : SECOND) {
            assertThat(y.value()[i]).isEqualTo(X[i]);
        }
        assertThat(y.logDet()).isCloseTo(bounded(theta[2]) + bounded(theta[3]), within(1e-12));
    }

    @Test
    void theAdditiveCouplingShiftsAndPreservesVolume() {
        Coupling coupling = coupling(new AdditiveFamily());
        Map<String, double[]> values = BoundGraph.perturbed(coupling.parameters(), 1, 3);
        double[] theta = network(values, 2);
        Values y = forward(coupling, values);
        for (int i = 0; i < FIRST.length; i++) {
            assertThat(y.value()[FIRST[i]]).isCloseTo(X[FIRST[i]] + theta[i], within(1e-12));
        }
        for (int i : SECOND) {
            assertThat(y.value()[i]).isEqualTo(X[i]);
        }
        assertThat(y.logDet()).isEqualTo(0);
    }

    /** The derived block with s = 0 is the textbook's. */
    @Test
    void theDerivedCouplingIsTheTextbooksWithAScaleOfTheOtherHalf() {
        Coupling derived = coupling(new DerivedAffineFamily(BOUND));
        Map<String, double[]> values = new HashMap<>(BoundGraph.perturbed(derived.parameters(), 1, 3));
        Values y = forward(derived, values);
        double[] r = values.get("block/scale");
        Values textbook = forward(coupling(new AffineFamily(BOUND)), values);
        double sum = 0;
        for (int i = 0; i < SECOND.length; i++) {
            assertThat(y.value()[SECOND[i]]).isCloseTo(Math.exp(bounded(r[i])) * X[SECOND[i]], within(1e-12));
            sum += bounded(r[i]);
        }
        assertThat(y.logDet() - textbook.logDet()).isCloseTo(sum, within(1e-12));
        values.put("block/scale", new double[SECOND.length]);
        assertThat(forward(derived, values).value()).isEqualTo(textbook.value());
        assertThat(forward(derived, values).logDet()).isEqualTo(textbook.logDet());
    }

    @ParameterizedTest
    @MethodSource("families")
    void parametersOf0AreTheIdentity(ElementwiseFamily family) {
        Coupling coupling = coupling(family);
        Map<String, double[]> values = new HashMap<>(BoundGraph.perturbed(coupling.parameters(), 1, 3));
        values.replaceAll((name, v) -> name.contains("layer0") ? v : new double[v.length]);
        assertThat(coupling.parameters())
                .filteredOn(p -> !p.name().contains("layer0"))
                .allSatisfy(p -> assertThat(p.initializer()).isEqualTo(Initializer.zeros()));
        Values y = forward(coupling, values);
        assertThat(y.value()).containsExactly(X, within(1e-15));
        assertThat(y.logDet()).isCloseTo(0, within(1e-15));
    }

    @ParameterizedTest
    @MethodSource("families")
    void aFamilyReportsWhatItSaysUnderTheNamesOfItsPart(ElementwiseFamily family) {
        Coupling coupling = coupling(family);
        ModelPart part = coupling.parts().get(0);
        List<PartReport> reports = new ArrayList<>(family.reports());
        reports.addAll(family.conditioningReports());
        assertThat(part.reports()).isEqualTo(reports);
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        SDVariable x = g.sameDiff().constant("x", Nd4j.createFromArray(new double[][] {X, X}));
        Outputs outputs = new Outputs();
        coupling.report(g, x, outputs);
        ModelFunction function = g.function(outputs);
        assertThat(function.outputNames())
                .isEqualTo(reports.stream().map(part::output).toList());
        Map<String, double[]> values = BoundGraph.perturbed(coupling.parameters(), 1, 3);
        double[] theta = network(values, family.parametersPerColumn() * 2);
        Map<String, INDArray> out = new BoundGraph(function.graph(), values).run(function.outputNames(), Map.of());
        String name = "block/log_scale";
        double[] first;
        if (family instanceof AdditiveFamily) {
            name = "block/shift";
            first = theta;
        } else if (family instanceof RationalQuadraticFamily) {
            name = "block/log_slope";
            double c = Math.log(1000);
            first = Arrays.stream(theta).skip(16).map(v -> c * Math.tanh(v / c)).toArray();
        } else {
            first = new double[] {bounded(theta[2]), bounded(theta[3])};
        }
        assertThat(BoundGraph.matrix(out.get(name))[1]).containsExactly(first, within(1e-12));
        if (family instanceof DerivedAffineFamily) {
            double[] r = values.get("block/scale");
            assertThat(BoundGraph.matrix(out.get("block/conditioning_log_scale"))[1])
                    .containsExactly(new double[] {bounded(r[0]), bounded(r[1]), bounded(r[2])}, within(1e-12));
        }
    }

    @Test
    void aConditionerThatDoesNotFitIsRefused() {
        Layer small = HIDDEN.create(PATH, EventShape.row(3), EventShape.row(2));
        assertThat(new Coupling(PATH, SPLIT, small, new AdditiveFamily()).parameters())
                .hasSize(4);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Coupling(PATH, SPLIT, small, new AffineFamily(BOUND)))
                .withMessage("a conditioner of this coupling takes 3 and makes 4, not 3 and 2");
        Layer wide = HIDDEN.create(PATH, EventShape.row(2), EventShape.row(2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Coupling(PATH, SPLIT, wide, new AdditiveFamily()))
                .withMessage("a conditioner of this coupling takes 3 and makes 2, not 2 and 2");
    }
}
