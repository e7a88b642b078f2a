package org.likelihood4j.models.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.likelihood4j.models.BoundGraph;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Functions;
import org.likelihood4j.models.PlainMath;
import org.likelihood4j.models.bijectors.coupling.DerivedAffineFamily;
import org.likelihood4j.models.layers.ConvNet;
import org.likelihood4j.models.layers.LayerFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Dequantisation noise that a flow of its own makes: its density, its cell and its class. */
class LearnedNoiseTest {
    private static Flow withLearnedNoise() {
        return withLearnedNoise(new ConvNet.Shape(ConvNet.Block.RESIDUAL, 3, 1));
    }

    private static Flow withLearnedNoise(LayerFactory net) {
        PixelData data = new PixelData(
                EventShape.image(2, 3, 1), SmallFlows.LEVELS, HalfOrder.CHECKERBOARD, SmallFlows.ALPHA, 1e-3);
        return new Flow(new Flow.Options(
                data,
                new FlatArchitecture(2, SmallFlows.HIDDEN, new DerivedAffineFamily(1.5)),
                Optional.of(new VariationalDequantization(data, 2, net)),
                DataType.DOUBLE));
    }

    /** {@code q(u|x, y)}: the couplings of the data are told no class here. */
    @Test
    void learnedNoiseIsOfItsClass() {
        Flow flow = withLearnedNoise(
                new ConvNet.Shape(ConvNet.Block.GATED, 4, 1).given(new FunctionInput.Condition("label", 2)));
        Map<String, double[]> values = Functions.perturbed(flow, 0.3, 1);
        Map<String, INDArray> inputs =
                new HashMap<>(Functions.inputs(flow.trainingLoss(), 1, SmallFlows.LEVELS, DataType.DOUBLE, 2));
        double[] entropies = new double[2];
        double[] likelihoods = new double[2];
        for (int y = 0; y < 2; y++) {
            inputs.put("label", Functions.array(new double[][] {{1 - y, y}}));
            Map<String, INDArray> terms = Functions.run(flow.trainingLoss(), values, inputs);
            entropies[y] = terms.get("dequantization_entropy").getDouble(0);
            likelihoods[y] = terms.get("log_likelihood").getDouble(0);
        }
        assertThat(entropies[0]).isNotCloseTo(entropies[1], within(1e-3));
        assertThat(likelihoods[0]).isNotCloseTo(likelihoods[1], within(1e-3));
    }

    /**
     * {@code log p(x + u) - log q(u|x) = log N(z; 0, I) + log|det dz/dr|} for the uniform r behind u:
     * nothing of the model's own log-determinants is in that.
     */
    @Test
    void learnedNoiseIsWeightedByItsDensity() {
        Flow flow = withLearnedNoise();
        Map<String, double[]> values = Functions.perturbed(flow, 0.3, 1);
        Map<String, INDArray> inputs = Functions.inputs(flow.trainingLoss(), 2, SmallFlows.LEVELS, DataType.DOUBLE, 2);
        Map<String, INDArray> terms = Functions.run(flow.trainingLoss(), values, inputs);
        int d = 6;
        double h = 1e-5;
        for (int n = 0; n < 2; n++) {
            double[] pixels = BoundGraph.matrix(inputs.get("pixels"))[n];
            double[] r = BoundGraph.matrix(inputs.get("dequantization_noise"))[n];
            double[][] points = PlainMath.tile(r, 2 * d + 1);
            for (int i = 0; i < d; i++) {
                points[2 * i][i] += h;
                points[2 * i + 1][i] -= h;
            }
            double[][] z = BoundGraph.matrix(Functions.only(
                    flow.encode(),
                    values,
                    Map.of(
                            "pixels", Functions.array(PlainMath.tile(pixels, 2 * d + 1)),
                            "dequantization_noise", Functions.array(points))));
            double[][] jacobian = new double[d][d];
            for (int i = 0; i < d; i++) {
                for (int j = 0; j < d; j++) {
                    jacobian[j][i] = (z[2 * i][j] - z[2 * i + 1][j]) / (2 * h);
                }
            }
            double expected = Arrays.stream(z[2 * d])
                            .map(x -> PlainMath.logNormal(x, 0, 1))
                            .sum()
                    + PlainMath.logAbsDet(jacobian);
            assertThat(terms.get("log_likelihood").getDouble(n)).isCloseTo(expected, within(1e-5));
        }
    }

    /** The noise stays in its cell, and as it starts it is uniform, with the density 1. */
    @Test
    void learnedNoiseStartsUniformAndStaysInItsCell() {
        Flow flow = withLearnedNoise();
        for (double scale : new double[] {0, 3}) {
            Map<String, double[]> values = Functions.perturbed(flow, scale, 1);
            Map<String, INDArray> inputs =
                    Functions.inputs(flow.reconstruct(), 20, SmallFlows.LEVELS, DataType.DOUBLE, 2);
            double[][] seen = BoundGraph.matrix(
                    Functions.run(flow.reconstruct(), values, inputs).get("seen"));
            double[][] pixels = BoundGraph.matrix(inputs.get("pixels"));
            double[][] r = BoundGraph.matrix(inputs.get("dequantization_noise"));
            double[] entropy = Functions.run(flow.trainingLoss(), values, inputs)
                    .get("dequantization_entropy")
                    .toDoubleVector();
            for (int n = 0; n < 20; n++) {
                for (int i = 0; i < 6; i++) {
                    double u = SmallFlows.LEVELS * seen[n][i] - pixels[n][i];
                    assertThat(u).isBetween(-2e-6, 1 + 2e-6);
                    if (scale == 0) {
                        assertThat(u).isCloseTo(r[n][i], within(1e-9));
                    }
                }
                if (scale == 0) {
                    assertThat(entropy[n]).isCloseTo(0, within(1e-9));
                }
            }
        }
    }
}
