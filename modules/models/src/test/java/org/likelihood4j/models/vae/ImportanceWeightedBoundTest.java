package org.likelihood4j.models.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.likelihood4j.models.vae.SmallVaes.D;
import static org.likelihood4j.models.vae.SmallVaes.HIDDEN;
import static org.likelihood4j.models.vae.SmallVaes.L;
import static org.likelihood4j.models.vae.SmallVaes.N;
import static org.likelihood4j.models.vae.SmallVaes.NORMAL;
import static org.likelihood4j.models.vae.SmallVaes.REPORT;
import static org.likelihood4j.models.vae.SmallVaes.SIGMA;
import static org.likelihood4j.models.vae.SmallVaes.gradients;
import static org.likelihood4j.models.vae.SmallVaes.group;
import static org.likelihood4j.models.vae.SmallVaes.inputs;
import static org.likelihood4j.models.vae.SmallVaes.metric;
import static org.likelihood4j.models.vae.SmallVaes.objective;
import static org.likelihood4j.models.vae.SmallVaes.oneDrawARow;
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
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.models.PlainMath;
import org.likelihood4j.models.vae.likelihood.BernoulliPixels;
import org.likelihood4j.models.vae.likelihood.Binarization;
import org.likelihood4j.models.vae.likelihood.GaussianPixels;
import org.likelihood4j.models.vae.likelihood.Likelihood;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The importance-weighted bound and its doubly reparameterised gradient, against plain sums. */
class ImportanceWeightedBoundTest {
    @ParameterizedTest
    @MethodSource("org.likelihood4j.models.vae.SmallVaes#priors")
    void theImportanceWeightedBoundIsTheLogOfTheMeanWeight(Prior prior) {
        int k = 3;
        int extra = 2;
        for (Likelihood likelihood : List.of(new GaussianPixels(SIGMA), new BernoulliPixels(Binarization.DYNAMIC))) {
            VaeOptions.KlReport more = new VaeOptions.KlReport(true, extra);
            GaussianVae vae = vae(L, HIDDEN, likelihood, prior, objective(KlEstimator.SAMPLED, k), more);
            GaussianVae single = vae(L, HIDDEN, likelihood, prior, objective(KlEstimator.SAMPLED, 1), REPORT);
            Map<String, INDArray> inputs = inputs(vae);
            Map<String, INDArray> out = run(vae, inputs);
            Map<String, INDArray> draws = oneDrawARow(inputs, "posterior", k);
            double[] logWeights =
                    run(single.logWeight(), single, draws).get("log_weight").toDoubleVector();
            double[] reconstructions = metric(single, "reconstruction", draws);
            double[] kls = metric(single, "kl_sampled", draws);
            double[] others = metric(single, "kl_sampled", oneDrawARow(inputs, "posterior_report", extra));
            double sum = 0;
            for (int n = 0; n < N; n++) {
                double bound = PlainMath.logSumExp(group(logWeights, n, k)) - Math.log(k);
                double reconstruction = PlainMath.mean(group(reconstructions, n, k));
                double sampled =
                        (k * PlainMath.mean(group(kls, n, k)) + extra * PlainMath.mean(group(others, n, extra)))
                                / (k + extra);
                assertThat(out.get("iwae").getDouble(n)).isCloseTo(bound, within(1e-10));
                assertThat(out.get("reconstruction").getDouble(n)).isCloseTo(reconstruction, within(1e-10));
                assertThat(out.get("kl_sampled").getDouble(n)).isCloseTo(sampled, within(1e-10));
                double kl = prior == NORMAL ? out.get("kl_analytic").getDouble(n) : sampled;
                assertThat(out.get("elbo").getDouble(n)).isCloseTo(reconstruction - kl, within(1e-10));
                sum += bound;
            }
            assertThat(out.get("loss").getDouble(0)).isCloseTo(-sum / N, within(1e-10));
        }
    }

    /**
     * Plain Java's log-weight of one image at z, for a posterior of given mean and log-variance.
     */
    private static final class PlainWeight {
        private final Map<String, double[]> values;
        private final double[] x;
        private final double[] mean;
        private final double[] logVariance;

        PlainWeight(Map<String, double[]> values, double[] x, double[] mean, double[] logVariance) {
            this.values = values;
            this.x = x;
            this.mean = mean;
            this.logVariance = logVariance;
        }

        double at(double[] z) {
            double sum = PlainMath.logMixture(
                    values.get("prior/logits"), values.get("prior/mean"), values.get("prior/logVariance"), z);
            for (int d = 0; d < x.length; d++) {
                double output = values.get("decoder/output/bias")[d];
                for (int l = 0; l < z.length; l++) {
                    output += z[l] * values.get("decoder/output/weight")[l * x.length + d];
                }
                sum += PlainMath.logNormal(x[d], output, SIGMA * SIGMA);
            }
            for (int l = 0; l < z.length; l++) {
                sum -= PlainMath.logNormal(z[l], mean[l], Math.exp(logVariance[l]));
            }
            return sum;
        }

        /** By central differences in z, the posterior held fixed. */
        double slope(double[] z, int l) {
            double h = 1e-5;
            double[] above = z.clone();
            double[] below = z.clone();
            above[l] += h;
            below[l] -= h;
            return (at(above) - at(below)) / (2 * h);
        }
    }

    /**
     * {@code sum over i of v_i^2 dlog w_i/dz_i dz_i}, with respect to the weights and biases of an
     * affine encoder, minus its mean over the images.
     */
    private static double[][] plainDoublyReparameterized(
            Map<String, double[]> values, double[][] pixels, double[][] noise, int k) {
        double[] weight = values.get("encoder/output/weight");
        double[] bias = values.get("encoder/output/bias");
        double[] weightGradient = new double[weight.length];
        double[] biasGradient = new double[bias.length];
        for (int n = 0; n < pixels.length; n++) {
            double[] x = Arrays.stream(pixels[n]).map(v -> v / 255).toArray();
            double[] head = bias.clone();
            for (int d = 0; d < D; d++) {
                for (int c = 0; c < head.length; c++) {
                    head[c] += x[d] * weight[d * head.length + c];
                }
            }
            double[] mean = Arrays.copyOfRange(head, 0, L);
            double[] logVariance = Arrays.copyOfRange(head, L, 2 * L);
            PlainWeight plain = new PlainWeight(values, x, mean, logVariance);
            double[][] z = new double[k][L];
            double[] logWeights = new double[k];
            for (int i = 0; i < k; i++) {
                for (int l = 0; l < L; l++) {
                    z[i][l] = mean[l] + Math.exp(logVariance[l] / 2) * noise[n][i * L + l];
                }
                logWeights[i] = plain.at(z[i]);
            }
            for (int i = 0; i < k; i++) {
                double v = Math.exp(logWeights[i] - PlainMath.logSumExp(logWeights));
                for (int l = 0; l < L; l++) {
                    double slope = -v * v * plain.slope(z[i], l) / pixels.length;
                    double ofLogVariance = slope * Math.exp(logVariance[l] / 2) * noise[n][i * L + l] / 2;
                    biasGradient[l] += slope;
                    biasGradient[L + l] += ofLogVariance;
                    for (int d = 0; d < D; d++) {
                        weightGradient[d * 2 * L + l] += slope * x[d];
                        weightGradient[d * 2 * L + L + l] += ofLogVariance * x[d];
                    }
                }
            }
        }
        return new double[][] {weightGradient, biasGradient};
    }

    @Test
    void theDoublyReparameterizedGradientIsItsFormula() {
        for (int k : new int[] {2, 4}) {
            GaussianVae vae = vae(
                    L,
                    LinearVae.NO_HIDDEN,
                    new GaussianPixels(SIGMA),
                    new MixturePrior(L, 3),
                    objective(KlEstimator.PATH, k),
                    REPORT);
            Map<String, INDArray> inputs = inputs(vae);
            double[][] expected = plainDoublyReparameterized(
                    values(vae),
                    BoundGraph.matrix(inputs.get("pixels")),
                    BoundGraph.matrix(inputs.get("posterior")),
                    k);
            Map<String, double[]> actual = gradients(vae, inputs);
            assertThat(Arrays.stream(expected[0])).allMatch(v -> Math.abs(v) > 1e-5);
            assertThat(actual.get("encoder/output/weight")).containsExactly(expected[0], within(1e-8));
            assertThat(actual.get("encoder/output/bias")).containsExactly(expected[1], within(1e-8));
        }
    }
}
