package org.likelihood4j.models.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.models.BoundGraph;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Functions;
import org.likelihood4j.models.bijectors.coupling.DerivedAffineFamily;
import org.likelihood4j.models.densities.BentGaussian;
import org.likelihood4j.models.densities.LogDensity;
import org.likelihood4j.models.densities.RoundGaussians;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.Mlp;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A flow that is fitted to a density: its bound against the density of its own draws, and closed forms. */
class FittedFlowTest {
    private static final Mlp.Hidden HIDDEN = new Mlp.Hidden(List.of(4), Activation.TANH);

    private static Flow fitted(Architecture architecture, LogDensity target) {
        return SmallFlows.fitted(architecture, target, DataType.DOUBLE);
    }

    private static Stream<Flow> flows() {
        return Stream.of(0, 1, 2).map(kind -> SmallFlows.fitted(kind, DataType.DOUBLE));
    }

    /** log q of the draws comes from the way to the latents, which the loss never goes. */
    @ParameterizedTest
    @MethodSource("flows")
    void theBoundIsTheDifferenceOfTheLogDensities(Flow flow) {
        int n = 40;
        Map<String, double[]> values = Functions.perturbed(flow, 0.8, 1);
        Map<String, INDArray> noise = Functions.inputs(flow.trainingLoss(), n, 0, DataType.DOUBLE, 2);
        assertThat(noise.keySet()).containsExactly("prior");
        assertThat(flow.learnsFromData()).isFalse();
        Map<String, INDArray> terms = Functions.run(flow.trainingLoss(), values, noise);
        INDArray drawn = Functions.only(flow.sample(), values, noise);
        double[] logQ = Functions.only(flow.logWeight(), values, Map.of("values", drawn))
                .toDoubleVector();
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double bound = terms.get("elbo").getDouble(i);
            assertThat(terms.get("entropy").getDouble(i)).isCloseTo(-logQ[i], within(1e-8));
            assertThat(bound).isCloseTo(terms.get("target_log_density").getDouble(i) - logQ[i], within(1e-8));
            sum += bound;
        }
        assertThat(terms.get("loss").getDouble(0)).isCloseTo(-sum / n, within(1e-10));
    }

    /** A mixture's terms one by one, in plain Java. */
    @Test
    void aMixtureIsTheSumOfItsGaussians() {
        Flow mixture = flows().findFirst().orElseThrow();
        Map<String, double[]> values = Functions.perturbed(mixture, 0.8, 3);
        Map<String, INDArray> noise = Functions.inputs(mixture.trainingLoss(), 20, 0, DataType.DOUBLE, 4);
        double[][] x = BoundGraph.matrix(Functions.only(mixture.sample(), values, noise));
        INDArray target = Functions.run(mixture.trainingLoss(), values, noise).get("target_log_density");
        for (int i = 0; i < x.length; i++) {
            double one = Math.exp(-0.5 - (square(x[i][0] - 1) + square(x[i][1] + 2)) / (2 * 0.49));
            double other = Math.exp(-2 - (square(x[i][0] + 0.5) + square(x[i][1] - 0.25)) / (2 * 2.25));
            assertThat(target.getDouble(i)).isCloseTo(Math.log(one + other), within(1e-10));
        }
    }

    private static double square(double x) {
        return x * x;
    }

    /** As it starts q is N(0, I), and the mean of a quadratic over the four corners (+-1, +-1) is that over N(0, I). */
    @Test
    void theLossIsTheKlOfGaussians() {
        double width = 1.7;
        double height = 0.6;
        Flow flow = fitted(
                new FlatArchitecture(2, HIDDEN, new DerivedAffineFamily(1.5)), new BentGaussian(width, height, 0));
        assertThat(flow.dataInitializations()).isEmpty();
        double[][] corners = {{1, 1}, {1, -1}, {-1, 1}, {-1, -1}};
        INDArray loss = Functions.run(
                        flow.trainingLoss(), Functions.perturbed(flow, 0, 1), Map.of("prior", Functions.array(corners)))
                .get("loss");
        double kl = Arrays.stream(new double[] {width, height})
                .map(sigma -> Math.log(sigma) + 1 / (2 * sigma * sigma) - 0.5)
                .sum();
        assertThat(loss.getDouble(0)).isCloseTo(kl, within(1e-12));
    }

    @Test
    void aDensityIsNoneOfImagesOrOfColumnsThatAreChangedFirst() {
        LogDensity target = new BentGaussian(1, 1, 0);
        Architecture architecture = new FlatArchitecture(2, HIDDEN, new DerivedAffineFamily(1.5));
        List<FlowData> others = List.of(
                new PixelData(EventShape.image(2, 2, 1), 16, HalfOrder.HALVES, 0.05, 1e-3),
                new RowData(new RowData(EventShape.row(2), HalfOrder.HALVES).columns(), HalfOrder.HALVES, true));
        for (FlowData data : others) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Flow.Options(
                            data, architecture, Optional.empty(), Optional.of(target), DataType.DOUBLE))
                    .withMessageContaining("whole rows of real numbers");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new RoundGaussians(List.of()));
    }
}
