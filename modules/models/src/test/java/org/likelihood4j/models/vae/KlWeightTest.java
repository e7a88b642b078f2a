package org.likelihood4j.models.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.likelihood4j.models.vae.SmallVaes.L;
import static org.likelihood4j.models.vae.SmallVaes.N;
import static org.likelihood4j.models.vae.SmallVaes.NORMAL;
import static org.likelihood4j.models.vae.SmallVaes.REPORT;
import static org.likelihood4j.models.vae.SmallVaes.gradients;
import static org.likelihood4j.models.vae.SmallVaes.inputs;
import static org.likelihood4j.models.vae.SmallVaes.loss;
import static org.likelihood4j.models.vae.SmallVaes.mean;
import static org.likelihood4j.models.vae.SmallVaes.metric;
import static org.likelihood4j.models.vae.SmallVaes.objective;
import static org.likelihood4j.models.vae.SmallVaes.oneDrawARow;
import static org.likelihood4j.models.vae.SmallVaes.plainKl;
import static org.likelihood4j.models.vae.SmallVaes.run;
import static org.likelihood4j.models.vae.SmallVaes.termGradients;
import static org.likelihood4j.models.vae.SmallVaes.vae;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.models.Functions;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.models.PlainMath;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Weights of the KL, free bits, and draws that are only for the report. */
class KlWeightTest {
    @ParameterizedTest
    @EnumSource(KlEstimator.class)
    void betaWeighsTheEstimatedKl(KlEstimator estimator) {
        GaussianVae vae = vae(NORMAL, new Objective(estimator, 1, true, 0), REPORT);
        Map<String, INDArray> inputs = new HashMap<>(inputs(vae));
        String kl = estimator == KlEstimator.ANALYTIC ? "kl_analytic" : "kl_sampled";
        for (double beta : new double[] {0, 0.3, 4}) {
            inputs.put("beta", Functions.array(PlainMath.tile(new double[] {beta}, N)));
            Map<String, INDArray> out = run(vae, inputs);
            assertThat(out.get("loss").getDouble(0))
                    .isCloseTo(beta * mean(out, kl) - mean(out, "reconstruction"), within(1e-10));
            assertThat(Math.abs(mean(out, "kl_analytic") - mean(out, "kl_sampled")))
                    .isGreaterThan(0.01);
        }
        // With the weight 1 the gradient is that without a weight, too.
        inputs.put("beta", Functions.array(PlainMath.tile(new double[] {1}, N)));
        Map<String, double[]> plain = gradients(vae(NORMAL, objective(estimator, 1), REPORT), inputs);
        gradients(vae, inputs)
                .forEach((name, gradient) ->
                        assertThat(gradient).as(name).containsExactly(plain.get(name), within(1e-12)));
    }

    @Test
    void freeBitsAreTheFloorOfEachDimensionsMeanKl() {
        GaussianVae elbo = vae(NORMAL, Objective.elbo(), REPORT);
        Map<String, INDArray> inputs = inputs(elbo);
        double[][] kl = plainKl(elbo, inputs);
        double[] means = {PlainMath.mean(PlainMath.column(kl, 0)), PlainMath.mean(PlainMath.column(kl, 1))};
        int low = means[0] < means[1] ? 0 : 1;
        double between = 0.95 * means[1 - low];
        assertThat(means[low]).isLessThan(between);
        // The floor is of the batch's mean: some single image lies on the other side of it.
        assertThat(Arrays.stream(PlainMath.column(kl, 1 - low))).anyMatch(v -> v < between);
        Map<String, INDArray> plain = run(elbo, inputs);
        double reconstruction = mean(plain, "reconstruction");
        for (double lambda : new double[] {means[low] / 2, between, 2 * means[1 - low]}) {
            double expected = Math.max(lambda, means[0]) + Math.max(lambda, means[1]) - reconstruction;
            GaussianVae vae = vae(NORMAL, new Objective(KlEstimator.ANALYTIC, 1, false, lambda), REPORT);
            Map<String, INDArray> out = run(vae, inputs);
            assertThat(out.get("loss").getDouble(0)).isCloseTo(expected, within(1e-10));
            assertThat(mean(out, "elbo")).isCloseTo(mean(plain, "elbo"), within(1e-12));
        }

        // With one of the two below the floor, its KL has no gradient and the other's has all of
        // it.
        double beta = 0.7;
        Map<String, INDArray> weighted = new HashMap<>(inputs);
        weighted.put("beta", Functions.array(PlainMath.tile(new double[] {beta}, N)));
        GaussianVae floored = vae(NORMAL, new Objective(KlEstimator.ANALYTIC, 1, true, between), REPORT);
        assertThat(loss(floored, weighted))
                .isCloseTo(beta * (between + means[1 - low]) - reconstruction, within(1e-10));
        double[] actual = gradients(floored, weighted).get("encoder/output/bias");
        double[][][] ofReconstruction = termGradients(elbo.reconstructionTerm(), elbo, inputs);
        double[][][] ofKl = termGradients(elbo.klTerm(KlEstimator.ANALYTIC), elbo, inputs);
        for (int head = 0; head < 2; head++) {
            for (int l = 0; l < L; l++) {
                double expected = PlainMath.mean(PlainMath.column(ofReconstruction[head], l));
                double klPart = PlainMath.mean(PlainMath.column(ofKl[head], l));
                assertThat(Math.abs(klPart)).isGreaterThan(1e-3);
                assertThat(actual[head * L + l]).isCloseTo(expected + (l == low ? 0 : beta * klPart), within(1e-10));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("org.likelihood4j.models.vae.SmallVaes#priors")
    void moreDrawsForTheReportChangeTheSampledKlAndNothingElse(Prior prior) {
        int extra = 2;
        Objective objective = objective(KlEstimator.PATH, 1);
        GaussianVae vae = vae(prior, objective, new VaeOptions.KlReport(true, extra));
        GaussianVae without = vae(prior, objective, REPORT);
        Map<String, INDArray> inputs = inputs(vae);
        Map<String, INDArray> expected = run(without, inputs);
        double[] others = metric(without, "kl_sampled", oneDrawARow(inputs, "posterior_report", extra));
        double[][] analytic = plainKl(vae, inputs);
        Map<String, INDArray> out = run(vae, inputs);
        for (int n = 0; n < N; n++) {
            double reconstruction = expected.get("reconstruction").getDouble(n);
            double sampled = (expected.get("kl_sampled").getDouble(n) + others[extra * n] + others[extra * n + 1]) / 3;
            double kl = prior == NORMAL ? Arrays.stream(analytic[n]).sum() : sampled;
            assertThat(out.get("kl_sampled").getDouble(n)).isCloseTo(sampled, within(1e-10));
            assertThat(out.get("elbo").getDouble(n)).isCloseTo(reconstruction - kl, within(1e-10));
            assertThat(out.get("reconstruction").getDouble(n)).isCloseTo(reconstruction, within(1e-12));
        }
        assertThat(out.get("loss").getDouble(0)).isCloseTo(expected.get("loss").getDouble(0), within(1e-12));
        Map<String, double[]> gradients = gradients(without, inputs);
        gradients(vae, inputs)
                .forEach((name, gradient) ->
                        assertThat(gradient).as(name).containsExactly(gradients.get(name), within(1e-12)));
    }
}
