package org.likelihood4j.models.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.likelihood4j.models.vae.SmallVaes.L;
import static org.likelihood4j.models.vae.SmallVaes.NORMAL;
import static org.likelihood4j.models.vae.SmallVaes.REPORT;
import static org.likelihood4j.models.vae.SmallVaes.distance;
import static org.likelihood4j.models.vae.SmallVaes.flat;
import static org.likelihood4j.models.vae.SmallVaes.gradients;
import static org.likelihood4j.models.vae.SmallVaes.inputs;
import static org.likelihood4j.models.vae.SmallVaes.objective;
import static org.likelihood4j.models.vae.SmallVaes.run;
import static org.likelihood4j.models.vae.SmallVaes.vae;
import static org.likelihood4j.models.vae.SmallVaes.values;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.models.BoundGraph;
import org.likelihood4j.models.Functions;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.models.PlainMath;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The path gradient of the KL: whom it differs for, its expectation, and where it is zero. */
class PathGradientTest {
    /**
     * Only q's gradient is another one: the value, and the decoder's and the prior's gradients, are
     * not.
     */
    @ParameterizedTest
    @MethodSource("org.likelihood4j.models.vae.SmallVaes#priors")
    void thePathGradientDiffersForTheEncoderOnly(Prior prior) {
        for (int k : new int[] {1, 3}) {
            GaussianVae sampled = vae(prior, objective(KlEstimator.SAMPLED, k), REPORT);
            GaussianVae path = vae(prior, objective(KlEstimator.PATH, k), REPORT);
            Map<String, INDArray> inputs = inputs(sampled);
            Map<String, INDArray> expected = run(sampled, inputs);
            Map<String, INDArray> actual = run(path, inputs);
            assertThat(actual.keySet()).isEqualTo(expected.keySet());
            actual.forEach((name, value) -> assertThat(flat(Map.of("", value)).get(""))
                    .as(name)
                    .containsExactly(flat(Map.of("", expected.get(name))).get(""), within(1e-12)));
            Map<String, double[]> full = gradients(sampled, inputs);
            gradients(path, inputs).forEach((name, gradient) -> {
                if (name.startsWith("encoder")) {
                    assertThat(distance(gradient, full.get(name))).as(name).isGreaterThan(1e-3);
                } else {
                    assertThat(gradient).as(name).containsExactly(full.get(name), within(1e-12));
                }
            });
            assertThat(full.keySet().stream().anyMatch(name -> name.startsWith("prior")))
                    .isEqualTo(prior != NORMAL);
        }
    }

    /**
     * The doubly reparameterised gradient: within four standard errors of its difference over
     * independent batches.
     */
    @Test
    void thePathGradientHasTheExpectationOfTheFullOne() {
        int k = 2;
        int batches = 20;
        int rows = 200;
        GaussianVae sampled = vae(NORMAL, objective(KlEstimator.SAMPLED, k), REPORT);
        GaussianVae path = vae(NORMAL, objective(KlEstimator.PATH, k), REPORT);
        BoundGraph full = new BoundGraph(sampled.trainingLoss().graph(), values(sampled));
        BoundGraph half = new BoundGraph(path.trainingLoss().graph(), values(path));
        double[] image = {30, 220, 90, 160};
        String bias = "encoder/output/bias";
        double[][] differences = new double[batches][2 * L];
        double[][] scale = new double[batches][];
        for (int batch = 0; batch < batches; batch++) {
            Map<String, INDArray> inputs = Map.of(
                    "pixels", Functions.array(PlainMath.tile(image, rows)),
                    "posterior", Functions.array(PlainMath.normal(rows, k * L, batch)));
            scale[batch] = flat(full.gradients("loss", List.of(bias), inputs)).get(bias);
            double[] gradient =
                    flat(half.gradients("loss", List.of(bias), inputs)).get(bias);
            for (int i = 0; i < gradient.length; i++) {
                differences[batch][i] = gradient[i] - scale[batch][i];
            }
        }
        for (int i = 0; i < 2 * L; i++) {
            double[] difference = PlainMath.column(differences, i);
            double error = PlainMath.standardError(difference);
            assertThat(PlainMath.mean(difference)).as("element %s", i).isCloseTo(0, within(4 * error));
            assertThat(Math.abs(PlainMath.mean(PlainMath.column(scale, i)))).isGreaterThan(10 * error);
        }
    }

    /**
     * Roeder et al. 2017: with the exact posterior, the path gradient is zero draw by draw, the
     * other forms' is not.
     */
    @Test
    void atTheExactPosteriorThePathGradientOfTheWholeLossIsZeroForAnyNoise() {
        Map<String, double[]> values = LinearVae.values(LinearVae.posteriorMean(), LinearVae.posteriorVariance());
        for (int k : new int[] {1, 3}) {
            double[][] eps = PlainMath.normal(2, k * LinearVae.L, 5);
            for (KlEstimator estimator :
                    k == 1 ? KlEstimator.values() : new KlEstimator[] {KlEstimator.SAMPLED, KlEstimator.PATH}) {
                Map<String, double[]> gradients =
                        gradients(LinearVae.with(objective(estimator, k)), values, LinearVae.inputs(eps));
                for (String name : List.of("encoder/output/weight", "encoder/output/bias")) {
                    double largest = Arrays.stream(gradients.get(name))
                            .map(Math::abs)
                            .max()
                            .orElseThrow();
                    if (estimator == KlEstimator.PATH) {
                        assertThat(largest).as(name).isLessThan(1e-12);
                    } else {
                        assertThat(largest).as("%s, %s", name, estimator).isGreaterThan(0.1);
                    }
                }
                assertThat(Arrays.stream(gradients.get("decoder/output/bias"))).anyMatch(v -> Math.abs(v) > 0.1);
            }
        }
    }
}
