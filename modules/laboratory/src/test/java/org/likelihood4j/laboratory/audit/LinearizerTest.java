package org.likelihood4j.laboratory.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.inference.runtime.CompiledFunction;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.laboratory.verify.FormulaRun;
import org.likelihood4j.laboratory.verify.Matrices;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.Outputs;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Jacobians against central differences of what ND4J computes, for each operation that a flow can have. */
class LinearizerTest {
    private static final ImageShape SHAPE = new ImageShape(1, 4, 8);
    private static final double STEP = 1e-5;
    /** Of differences of the fourth order. */
    private static final int[] STEPS = {1, -1, 2, -2};

    private static ModelValues values(String model) {
        RunConfig config = ConfigLoader.parse("name: a\nprecision: float64\nmodel: " + model, "a.yaml", List.of());
        ModelValues values = ModelValues.initial(ModelBuilder.create(config, SHAPE), DataType.DOUBLE, 1);
        double[] noise = new SplittableRandom(2)
                .doubles(values.parameters().flat().length(), -0.1, 0.1)
                .toArray();
        values.parameters().flat().addi(Nd4j.createFromArray(noise));
        return values;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{type: realnvp, architecture: flat, couplings: 2, conditioner: {hidden: [5], activation: relu}}",
                "{type: realnvp, architecture: flat, couplings: 2, conditioner: {hidden: [5], activation: elu}}",
                "{type: realnvp, architecture: flat, couplings: 2, conditioner: {hidden: [5], activation: tanh}}",
                "{type: realnvp, architecture: flat, couplings: 2, conditioner: {hidden: [5], activation: sigmoid}}",
                "{type: realnvp, architecture: flat, couplings: 2, conditioner: {hidden: [5], activation: softplus}}",
                "{type: realnvp, architecture: flat, couplings: 2, conditioner: {hidden: [5], activation: swish}}",
                "{type: realnvp, architecture: flat, couplings: 2, mask: halves, family: additive,"
                        + " conditioner: {hidden: [5]}, condition: label, classes: 3}",
                "{type: realnvp, architecture: flat, couplings: 2, mask: halves, family: spline, tailBound: 8,"
                        + " conditioner: {hidden: [5]}}",
                "{type: realnvp, scales: [{checkerboard: 2}, {channel: 2, checkerboard: 1}, {channel: 2}],"
                        + " conditioner: {type: residual, channels: 3, blocks: 1}, actNorm: true, invertibleConv: true,"
                        + " base: learned}",
                "{type: realnvp, scales: [{checkerboard: 1}, {channel: 1}, {channel: 1}], conditioner: {type: gated, channels: 3,"
                        + " blocks: 1}, condition: label, classes: 3, base: classes}",
                "{type: realnvp, scales: [{checkerboard: 2}, {channel: 2}], dequantization: variational, family: affine,"
                        + " conditioner: {type: gated, channels: 4, blocks: 1}, condition: label, classes: 3}"
            })
    void aJacobianIsThatOfCentralDifferences(String model) {
        ModelValues values = values(model);
        ModelFunction encode = values.model().encode();
        SplittableRandom random = new SplittableRandom(3);
        Map<String, double[]> example = new HashMap<>();
        for (FunctionInput input : encode.inputs()) {
            example.put(input.name(), random.doubles(input.size(), 0.1, 0.9).toArray());
        }
        double[][] jacobian = Linearizer.of(values.model().encode(), values, example, "dequantization_noise")
                .jacobian();

        int size = SHAPE.size();
        Map<String, double[][]> moved = new HashMap<>();
        example.forEach((name, row) -> {
            double[][] rows = new double[STEPS.length * size][];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = row.clone();
                if (name.equals("dequantization_noise")) {
                    rows[i][i / STEPS.length] += STEPS[i % STEPS.length] * STEP;
                }
            }
            moved.put(name, rows);
        });
        double[][] latents;
        try (CompiledFunction compiled = FormulaRun.of(encode, values, STEPS.length * size)) {
            latents = Matrices.rows(compiled.overInputs(moved).only(), size);
        }
        for (int column = 0; column < size; column++) {
            for (int row = 0; row < size; row++) {
                int at = STEPS.length * column;
                double near = latents[at][row] - latents[at + 1][row];
                double far = latents[at + 2][row] - latents[at + 3][row];
                double difference = (8 * near - far) / (12 * STEP);
                assertThat(jacobian[row][column])
                        .as("dz[%d]/dx[%d]", row, column)
                        .isCloseTo(difference, within(1e-6 * Math.max(1, Math.abs(difference))));
            }
        }
    }

    private static ModelFunction function(int columns, BiFunction<GraphBuilder, SDVariable, SDVariable> f) {
        GraphBuilder g = new GraphBuilder(DataType.DOUBLE);
        SDVariable x = g.input(new FunctionInput.Value("x", EventShape.row(columns)));
        return g.function(new Outputs().events("y", EventShape.row(columns), f.apply(g, x)));
    }

    private static double[][] jacobian(ModelFunction function, double... x) {
        ModelValues none = ModelValues.zeros(values("{type: realnvp}").model(), DataType.DOUBLE);
        return Linearizer.of(function, none, Map.of("x", x), "x").jacobian();
    }

    /** Far out, where s (1 - s) would have no digit left. */
    @Test
    void theSlopeOfASaturatedSigmoidIsExact() {
        double[][] slope = jacobian(function(2, (g, x) -> g.sameDiff().nn().sigmoid(x)), 40, -40);
        assertThat(slope[0][0]).isCloseTo(Math.exp(-40), within(1e-15 * Math.exp(-40)));
        assertThat(slope[1][1]).isEqualTo(slope[0][0]);
        assertThat(slope[0][1]).isZero();
    }

    @Test
    void anOperationWithoutAKnownDerivativeIsNamed() {
        ModelFunction sine = function(2, (g, x) -> g.sameDiff().math().sin(x));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> jacobian(sine, 1, 2))
                .withMessageContaining("sin");
    }
}
