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
import static org.likelihood4j.models.vae.SmallVaes.objective;
import static org.likelihood4j.models.vae.SmallVaes.plainKl;
import static org.likelihood4j.models.vae.SmallVaes.run;
import static org.likelihood4j.models.vae.SmallVaes.termGradients;
import static org.likelihood4j.models.vae.SmallVaes.vae;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.models.BoundGraph;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.PlainMath;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The loss's terms one by one: they and their gradients add up, and are the derived ones. */
class LossTermsTest {
    @ParameterizedTest
    @MethodSource("org.likelihood4j.models.vae.SmallVaes#priors")
    void thePosteriorsOutputsAreThoseOfTheTrainingLossAtTheSameNoise(Prior prior) {
        GaussianVae vae = vae(prior, objective(KlEstimator.SAMPLED, 1), REPORT);
        Map<String, INDArray> inputs = inputs(vae);
        Map<String, INDArray> loss = run(vae, inputs);
        Map<String, INDArray> out = run(vae.posterior(), vae, inputs);
        List<String> names = new ArrayList<>(List.of("mean", "log_variance", "latent", "log_posterior", "log_prior"));
        if (prior == NORMAL) {
            names.addAll(List.of("kl_analytic_per_dimension", "kl_sampled_per_dimension"));
        }
        assertThat(vae.posterior().outputNames()).isEqualTo(names);
        assertThat(vae.hasAnalyticKl()).isEqualTo(prior == NORMAL);
        double[][] mean = BoundGraph.matrix(out.get("mean"));
        double[][] logVariance = BoundGraph.matrix(out.get("log_variance"));
        double[][] z = BoundGraph.matrix(out.get("latent"));
        assertThat(mean)
                .isDeepEqualTo(BoundGraph.matrix(run(vae.encode(), vae, inputs).get("latent")));
        double[][] kl = plainKl(vae, inputs);
        for (int n = 0; n < N; n++) {
            double logPosterior = 0;
            for (int l = 0; l < L; l++) {
                double sigma = Math.exp(logVariance[n][l] / 2);
                double noise = inputs.get("posterior").getDouble(n, l);
                double term = PlainMath.logNormal(z[n][l], mean[n][l], sigma * sigma);
                assertThat(z[n][l]).isCloseTo(mean[n][l] + sigma * noise, within(1e-12));
                logPosterior += term;
                if (prior == NORMAL) {
                    assertThat(out.get("kl_analytic_per_dimension").getDouble(n, l))
                            .isCloseTo(kl[n][l], within(1e-12));
                    assertThat(out.get("kl_sampled_per_dimension").getDouble(n, l))
                            .isCloseTo(term - PlainMath.logNormal(z[n][l], 0, 1), within(1e-12));
                }
            }
            assertThat(out.get("log_posterior").getDouble(n)).isCloseTo(logPosterior, within(1e-12));
            assertThat(logPosterior - out.get("log_prior").getDouble(n))
                    .isCloseTo(loss.get("kl_sampled").getDouble(n), within(1e-12));
            if (prior == NORMAL) {
                assertThat(Arrays.stream(kl[n]).sum())
                        .isCloseTo(loss.get("kl_analytic").getDouble(n), within(1e-12));
            }
        }
    }

    /**
     * The two terms are the loss times N; the sums over images of their gradients are that of the
     * encoder's last bias.
     */
    @ParameterizedTest
    @MethodSource("org.likelihood4j.models.vae.SmallVaes#priors")
    void theTermsAndTheirGradientsAddUpToTheTrainingLoss(Prior prior) {
        for (KlEstimator estimator :
                vae(prior, objective(KlEstimator.SAMPLED, 1), REPORT).estimators()) {
            GaussianVae vae = vae(prior, objective(estimator, 1), REPORT);
            Map<String, INDArray> inputs = inputs(vae);
            Map<String, INDArray> posterior = run(vae.posterior(), vae, inputs);
            double sum = 0;
            double[] gradient = new double[2 * L];
            for (ModelFunction function : List.of(vae.reconstructionTerm(), vae.klTerm(estimator))) {
                assertThat(function.outputNames()).containsExactly("term", "mean", "log_variance");
                Map<String, INDArray> out = run(function, vae, inputs);
                assertThat(out.get("term").shape()).isEmpty();
                assertThat(out.get("mean")).isEqualTo(posterior.get("mean"));
                assertThat(out.get("log_variance")).isEqualTo(posterior.get("log_variance"));
                sum += out.get("term").getDouble(0);
                double[][][] slopes = termGradients(function, vae, inputs);
                for (int i = 0; i < gradient.length; i++) {
                    gradient[i] += Arrays.stream(PlainMath.column(slopes[i / L], i % L))
                            .sum();
                }
            }
            assertThat(sum).isCloseTo(N * loss(vae, inputs), within(1e-10));
            assertThat(Arrays.stream(gradient).map(v -> v / N).toArray())
                    .containsExactly(gradients(vae, inputs).get("encoder/output/bias"), within(1e-12));
        }
    }

    /**
     * For the normal prior, image by image, at the noise given: the log-variance takes half of
     * sigma times its gradient.
     */
    @Test
    void theKlTermsGradientsAreTheDerivedOnes() {
        GaussianVae vae = vae(NORMAL, Objective.elbo(), REPORT);
        Map<String, INDArray> inputs = inputs(vae);
        Map<String, INDArray> posterior = run(vae.posterior(), vae, inputs);
        for (KlEstimator estimator : KlEstimator.values()) {
            double[][][] actual = termGradients(vae.klTerm(estimator), vae, inputs);
            for (int n = 0; n < N; n++) {
                for (int l = 0; l < L; l++) {
                    double mu = posterior.get("mean").getDouble(n, l);
                    double sigma = Math.exp(posterior.get("log_variance").getDouble(n, l) / 2);
                    double eps = inputs.get("posterior").getDouble(n, l);
                    double z = mu + sigma * eps;
                    double path = (mu - z) / (sigma * sigma) + z;
                    double[] expected = switch (estimator) {
                        case ANALYTIC -> new double[] {mu, sigma - 1 / sigma};
                        case SAMPLED -> new double[] {z, z * eps - 1 / sigma};
                        case PATH -> new double[] {path, path * eps};
                    };
                    assertThat(actual[0][n][l]).isCloseTo(expected[0], within(1e-12));
                    assertThat(actual[1][n][l]).isCloseTo(expected[1] * sigma / 2, within(1e-12));
                }
            }
        }
    }

    /**
     * {@code -log p(x|z)} of a linear decoder has the slope {@code -A (x - c - A^T z)/s^2} in z.
     */
    @Test
    void theReconstructionTermsGradientIsThatThroughTheDraw() {
        GaussianVae vae = LinearVae.with(Objective.elbo());
        double[] mean = {0.3, -0.8};
        double[] variance = {0.5, 1.7};
        double[][] eps = PlainMath.normal(2, LinearVae.L, 1);
        ModelFunction term = vae.reconstructionTerm();
        Map<String, INDArray> gradients = new BoundGraph(term.graph(), LinearVae.values(mean, variance))
                .gradients("term", List.of("mean", "log_variance"), LinearVae.inputs(eps));
        for (int n = 0; n < 2; n++) {
            double[] slope = new double[LinearVae.L];
            for (int d = 0; d < LinearVae.D; d++) {
                double residual = LinearVae.X[d] - LinearVae.C[d];
                for (int l = 0; l < LinearVae.L; l++) {
                    residual -= (mean[l] + Math.sqrt(variance[l]) * eps[n][l]) * LinearVae.A[l][d];
                }
                for (int l = 0; l < LinearVae.L; l++) {
                    slope[l] -= LinearVae.A[l][d] * residual / (LinearVae.SIGMA * LinearVae.SIGMA);
                }
            }
            for (int l = 0; l < LinearVae.L; l++) {
                assertThat(gradients.get("mean").getDouble(n, l)).isCloseTo(slope[l], within(1e-11));
                assertThat(gradients.get("log_variance").getDouble(n, l))
                        .isCloseTo(slope[l] * Math.sqrt(variance[l]) * eps[n][l] / 2, within(1e-11));
            }
        }
    }
}
