package org.likelihood4j.models.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.likelihood4j.models.BoundGraph;
import org.likelihood4j.models.DataInitialization;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Functions;
import org.likelihood4j.models.PlainMath;
import org.likelihood4j.models.bijectors.Standardization;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.Mlp;
import org.likelihood4j.models.vae.likelihood.BernoulliPixels;
import org.likelihood4j.models.vae.likelihood.Binarization;
import org.likelihood4j.models.vae.likelihood.GaussianPixels;
import org.likelihood4j.models.vae.likelihood.GaussianRows;
import org.likelihood4j.models.vae.likelihood.Likelihood;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The variational free energy against exact probabilities. */
class GaussianVaeTest {
    private static GaussianVae vae(int dimension, int latent, Likelihood likelihood, Integer... widths) {
        Mlp.Hidden hidden = hidden(widths);
        return new GaussianVae(
                new VaeOptions(EventShape.row(dimension), latent, hidden, hidden, likelihood, DataType.DOUBLE));
    }

    private static Mlp.Hidden hidden(Integer... widths) {
        return new Mlp.Hidden(List.of(widths), Activation.TANH);
    }

    private static Likelihood bernoulli(Binarization binarization) {
        return new BernoulliPixels(binarization);
    }

    @Test
    void metricsAndWeightsAreTheDocumentedSumsOnTheSameNoise() {
        for (Likelihood likelihood : List.of(bernoulli(Binarization.DYNAMIC), new GaussianPixels(0.3))) {
            GaussianVae vae = vae(5, 2, likelihood, 4);
            Map<String, double[]> values = Functions.perturbed(vae, 1, 1);
            Map<String, INDArray> inputs = Functions.inputs(vae.trainingLoss(), 6, 256, DataType.DOUBLE, 2);
            Map<String, INDArray> out = Functions.run(vae.trainingLoss(), values, inputs);
            INDArray logWeight = Functions.only(vae.logWeight(), values, inputs);
            for (int n = 0; n < 6; n++) {
                double reconstruction = out.get("reconstruction").getDouble(n);
                assertThat(out.get("elbo").getDouble(n))
                        .isCloseTo(reconstruction - out.get("kl_analytic").getDouble(n), within(1e-10));
                assertThat(logWeight.getDouble(n))
                        .isCloseTo(reconstruction - out.get("kl_sampled").getDouble(n), within(1e-10));
            }
        }
    }

    /**
     * Rows are what images are, once standardised, but for the units: their log-determinant, and
     * 255 grey levels.
     */
    @Test
    void rowsAreStandardizedAndCountInTheirOwnUnits() {
        double[] mean = {5, -2000, 1e-6};
        double[] deviation = {0.1, 300, 1e-8};
        GaussianVae rows = vae(3, 2, new GaussianRows(Standardization.ofData(EventShape.row(3)), 0.3), 4);
        GaussianVae images = vae(3, 2, new GaussianPixels(0.3), 4);
        Map<String, double[]> values = new HashMap<>(Functions.perturbed(images, 1, 1));
        INDArray eps = Functions.array(PlainMath.normal(4, 2, 2));
        double[][] standardized = PlainMath.normal(4, 3, 3);
        double[][] stored = new double[4][3];
        double[][] greys = new double[4][3];
        for (int n = 0; n < 4; n++) {
            for (int i = 0; i < 3; i++) {
                stored[n][i] = mean[i] + deviation[i] * standardized[n][i];
                greys[n][i] = 255 * standardized[n][i];
            }
        }
        double[] expected = Functions.only(
                        images.logWeight(), values, Map.of("pixels", Functions.array(greys), "posterior", eps))
                .toDoubleVector();
        values.putAll(rows.dataInitializations()
                .get(0)
                .values()
                .apply(new DataInitialization.Columns(mean, new double[] {0.01, 9e4, 1e-16}, List.of())));
        double[] actual = Functions.only(
                        rows.logWeight(), values, Map.of("values", Functions.array(stored), "posterior", eps))
                .toDoubleVector();
        double units = Math.log(0.1) + Math.log(300) + Math.log(1e-8);
        for (int n = 0; n < 4; n++) {
            assertThat(actual[n]).isCloseTo(expected[n] - units, within(1e-6));
        }
        // A sample is a draw of p(x|z), 0.3 deviations about its mean.
        INDArray noise = Functions.array(PlainMath.normal(4, 3, 5));
        double[][] drawn =
                BoundGraph.matrix(Functions.only(rows.sample(), values, Map.of("prior", eps, "observation", noise)));
        double[][] means = BoundGraph.matrix(Functions.only(rows.decode(), values, Map.of("latent_value", eps)));
        for (int n = 0; n < 4; n++) {
            for (int i = 0; i < 3; i++) {
                double step = 0.3 * deviation[i] * noise.getDouble(n, i);
                assertThat(drawn[n][i] - means[n][i]).isCloseTo(step, within(1e-6 * deviation[i]));
            }
        }
    }

    @Test
    void theAnalyticKlIsTheMeanOfTheSampledOne() {
        GaussianVae vae = vae(4, 3, bernoulli(Binarization.DYNAMIC), 4);
        int rows = 20_000;
        Map<String, INDArray> inputs = new HashMap<>();
        inputs.put("pixels", Functions.array(PlainMath.tile(new double[] {255, 0, 0, 255}, rows)));
        inputs.put("binarization", Functions.array(PlainMath.uniform(rows, 4, 0, 1, 1)));
        inputs.put("posterior", Functions.array(PlainMath.normal(rows, 3, 2)));
        Map<String, INDArray> out = Functions.run(vae.trainingLoss(), Functions.perturbed(vae, 1, 3), inputs);
        double[] sampled = out.get("kl_sampled").toDoubleVector();
        double[] analytic = out.get("kl_analytic").toDoubleVector();
        // White is always on and black never, whatever the noise: all rows saw the same image.
        assertThat(PlainMath.variance(analytic)).isLessThan(1e-20);
        assertThat(PlainMath.mean(sampled)).isCloseTo(analytic[0], within(4 * PlainMath.standardError(sampled)));
    }

    /**
     * The difference of the two KLs is a polynomial of degree 2 in eps, so its variance is exact by
     * Gauss and Hermite's three nodes. Of the mean of d draws it is the d-th part.
     */
    @Test
    void theSampledKlHasTheVarianceThatIsReported() {
        double root = Math.sqrt(3);
        double[] weights = {1 / 6.0, 2 / 3.0, 1 / 6.0};
        for (double width : new double[] {-6, -1, 0, 0.5, 3}) {
            GaussianVae vae = vae(4, 1, bernoulli(Binarization.DYNAMIC), 4);
            Map<String, double[]> values = Functions.perturbed(vae, 1, 3);
            values.get("encoder/output/bias")[1] = width;
            Map<String, INDArray> inputs = new HashMap<>();
            inputs.put("pixels", Functions.array(PlainMath.tile(new double[] {255, 0, 0, 255}, 3)));
            inputs.put("binarization", Functions.array(PlainMath.uniform(3, 4, 0, 1, 1)));
            inputs.put("posterior", Functions.array(new double[][] {{-root}, {0}, {root}}));
            Map<String, INDArray> out = Functions.run(vae.trainingLoss(), values, inputs);
            double variance = 0;
            for (int i = 0; i < 3; i++) {
                double difference = out.get("kl_sampled").getDouble(i)
                        - out.get("kl_analytic").getDouble(i);
                variance += weights[i] * difference * difference;
            }
            assertThat(out.get("kl_sampled_variance").getDouble(0)).isCloseTo(variance, within(1e-10 * variance));

            VaeOptions one = new VaeOptions(
                    EventShape.row(4), 1, hidden(4), hidden(4), bernoulli(Binarization.DYNAMIC), DataType.DOUBLE);
            GaussianVae more = new GaussianVae(new VaeOptions(
                    EventShape.row(4),
                    1,
                    one.encoder(),
                    one.decoder(),
                    one.likelihood(),
                    one.prior(),
                    one.objective(),
                    new VaeOptions.KlReport(true, 4),
                    DataType.DOUBLE));
            inputs.put("posterior_report", Functions.array(PlainMath.normal(3, 4, 2)));
            assertThat(Functions.run(more.trainingLoss(), values, inputs)
                            .get("kl_sampled_variance")
                            .getDouble(0))
                    .isCloseTo(variance / 5, within(1e-10 * variance));
        }
    }

    /**
     * All eight images of three binary pixels: their exact probabilities, by quadrature over z of
     * what the decoder returns, sum to 1, and every estimate stands in its right relation to them.
     */
    @Test
    void weightsAreUnbiasedAndTheBoundsOrdered() {
        GaussianVae vae = vae(3, 1, bernoulli(Binarization.DYNAMIC), 4);
        Map<String, double[]> values = Functions.perturbed(vae, 1.5, 4);
        // A posterior wider than the prior, so that weights are bounded and their standard error
        // can be trusted.
        double[] head = values.get("encoder/output/weight");
        for (int i = 1; i < head.length; i += 2) {
            head[i] = 0;
        }
        values.get("encoder/output/bias")[1] = Math.log(1.5);
        double[] exact = exactProbabilities(vae, values);
        assertThat(Arrays.stream(exact).sum()).isCloseTo(1, within(1e-9));
        int draws = 20_000;
        int many = 20;
        double gain = 0;
        for (int image = 0; image < 8; image++) {
            Map<String, INDArray> inputs = new HashMap<>();
            inputs.put("pixels", Functions.array(PlainMath.tile(image(image), draws)));
            inputs.put("binarization", Functions.array(PlainMath.uniform(draws, 3, 0, 1, image)));
            inputs.put("posterior", Functions.array(PlainMath.normal(draws, 1, 100 + image)));
            double[] logWeights =
                    Functions.only(vae.logWeight(), values, inputs).toDoubleVector();
            double[] weights = Arrays.stream(logWeights).map(Math::exp).toArray();
            assertThat(PlainMath.mean(weights)).isCloseTo(exact[image], within(4 * PlainMath.standardError(weights)));

            double[] elbos = Functions.run(vae.trainingLoss(), values, inputs)
                    .get("elbo")
                    .toDoubleVector();
            double[] bounds = new double[draws / many];
            Arrays.setAll(bounds, i -> Math.log(PlainMath.mean(Arrays.copyOfRange(weights, i * many, (i + 1) * many))));
            double logProbability = Math.log(exact[image]);
            assertThat(PlainMath.mean(elbos))
                    .isCloseTo(PlainMath.mean(logWeights), within(4 * PlainMath.standardError(logWeights)))
                    .isLessThan(PlainMath.mean(bounds));
            assertThat(PlainMath.mean(bounds)).isLessThan(logProbability + 4 * PlainMath.standardError(bounds));
            gain += logProbability - PlainMath.mean(elbos);
        }
        assertThat(gain)
                .as("the bound is loose here, so that the order above means something")
                .isGreaterThan(0.5);
    }

    private static double[] image(int index) {
        return new double[] {255 * (index & 1), 255 * (index >> 1 & 1), 255 * (index >> 2 & 1)};
    }

    private static double[] exactProbabilities(GaussianVae vae, Map<String, double[]> values) {
        double h = 0.02;
        double[][] z = new double[1001][1];
        Arrays.setAll(z, i -> new double[] {(i - 500) * h});
        double[][] mean =
                BoundGraph.matrix(Functions.only(vae.decode(), values, Map.of("latent_value", Functions.array(z))));
        double[] probabilities = new double[8];
        for (int image = 0; image < 8; image++) {
            double[] pixels = image(image);
            for (int i = 0; i < z.length; i++) {
                double density = h * Math.exp(PlainMath.logNormal(z[i][0], 0, 1));
                for (int j = 0; j < 3; j++) {
                    density *= pixels[j] == 255 ? mean[i][j] : 1 - mean[i][j];
                }
                probabilities[image] += density;
            }
        }
        return probabilities;
    }

    @Test
    void theElboFallsShortOfTheEvidenceByTheKlToThePosterior() {
        double[] m = LinearVae.posteriorMean();
        double[] v = LinearVae.posteriorVariance();
        for (double[] q : new double[][] {{0, 0, 1, 1}, {0.5, -1, 0.3, 2}, {m[0], m[1] + 0.2, v[0], 0.5 * v[1]}}) {
            double gap = 0;
            for (int l = 0; l < LinearVae.L; l++) {
                double ratio = q[2 + l] / v[l];
                gap += 0.5 * (ratio + (q[l] - m[l]) * (q[l] - m[l]) / v[l] - 1 - Math.log(ratio));
            }
            double elbo = LinearVae.elbo(new double[] {q[0], q[1]}, new double[] {q[2], q[3]});
            assertThat(gap).isGreaterThan(0.01);
            assertThat(LinearVae.logEvidence() - elbo).isCloseTo(gap, within(1e-10));
        }
    }

    @Test
    void atTheExactPosteriorTheElboIsTheEvidenceAndWeightsHaveNoVariance() {
        assertThat(LinearVae.A[0][0] * LinearVae.A[1][0]
                        + LinearVae.A[0][1] * LinearVae.A[1][1]
                        + LinearVae.A[0][2] * LinearVae.A[1][2])
                .isCloseTo(0, within(1e-15));
        double[] m = LinearVae.posteriorMean();
        double[] v = LinearVae.posteriorVariance();
        assertThat(LinearVae.elbo(m, v)).isCloseTo(LinearVae.logEvidence(), within(1e-10));
        double[] logWeights = Functions.only(
                        LinearVae.with(Objective.elbo()).logWeight(),
                        LinearVae.values(m, v),
                        LinearVae.inputs(PlainMath.normal(10, LinearVae.L, 1)))
                .toDoubleVector();
        for (double logWeight : logWeights) {
            assertThat(logWeight).isCloseTo(LinearVae.logEvidence(), within(1e-10));
        }
    }

    @Test
    void binarisationIsABernoulliDrawOfTheIntensity() {
        GaussianVae vae = vae(3, 1, bernoulli(Binarization.STATIC));
        double[] intensity = {0.2, 0.6, 1};
        int rows = 20_000;
        Map<String, INDArray> inputs = Map.of(
                "pixels", Functions.array(PlainMath.tile(new double[] {51, 153, 255}, rows)),
                "binarization", Functions.array(PlainMath.uniform(rows, 3, 0, 1, 5)));
        double[][] seen = BoundGraph.matrix(Functions.run(vae.reconstruct(), Functions.perturbed(vae, 1, 1), inputs)
                .get("seen"));
        for (int i = 0; i < 3; i++) {
            double[] column = PlainMath.column(seen, i);
            assertThat(column).containsOnly(i == 2 ? new double[] {1} : new double[] {0, 1});
            assertThat(PlainMath.mean(column))
                    .isCloseTo(intensity[i], within(4 * PlainMath.standardError(column) + 1e-12));
        }
    }

    @Test
    void dataInitialisationMakesTheFirstReconstructionTheMeanImage() {
        double[] mean = {0, 0.25, 1};
        double[] clipped = {0.001, 0.25, 0.999};
        GaussianVae vae = vae(3, 1, bernoulli(Binarization.DYNAMIC), 2);
        assertThat(vae.dataInitializations()).hasSize(1);
        DataInitialization initialization = vae.dataInitializations().get(0);
        double[] pixels = {51, 0, 255};
        double[] statistic = BoundGraph.matrix(Functions.only(
                initialization.statistic(), Map.of(), Map.of("pixels", Functions.array(new double[][] {pixels}))))[0];
        assertThat(statistic).containsExactly(new double[] {0.2, 0, 1}, within(1e-12));

        Map<String, double[]> values =
                initialization.values().apply(new DataInitialization.Columns(mean, new double[] {1, 1, 1}, List.of()));
        assertThat(values).containsOnlyKeys("decoder/output/bias");
        for (int i = 0; i < 3; i++) {
            assertThat(PlainMath.sigmoid(values.get("decoder/output/bias")[i])).isCloseTo(clipped[i], within(1e-12));
        }
        // With the weights still 0 the decoder returns the mean image.
        double[] decoded = BoundGraph.matrix(Functions.only(
                vae.decode(), values, Map.of("latent_value", Functions.array(new double[][] {{0.7}}))))[0];
        assertThat(decoded).containsExactly(clipped, within(1e-12));

        DataInitialization gaussian =
                vae(3, 1, new GaussianPixels(1)).dataInitializations().get(0);
        assertThat(gaussian.values()
                        .apply(new DataInitialization.Columns(mean, mean, List.of()))
                        .get("decoder/output/bias"))
                .containsExactly(mean);
    }

    @Test
    void encodingIsThePosteriorMeanAndReconstructionDecodesIt() {
        GaussianVae vae = vae(4, 2, new GaussianPixels(0.5), 3);
        Map<String, double[]> values = Functions.perturbed(vae, 1, 6);
        Map<String, INDArray> inputs = Functions.inputs(vae.encode(), 3, 256, DataType.DOUBLE, 7);
        INDArray latent = Functions.only(vae.encode(), values, inputs);
        // With no noise at all the draw is the posterior mean, so p(x|z) there is that of the
        // decoded mean.
        Map<String, INDArray> withNoise = new HashMap<>(inputs);
        withNoise.put("posterior", Functions.array(new double[3][2]));
        INDArray reconstruction =
                Functions.run(vae.trainingLoss(), values, withNoise).get("reconstruction");
        double[][] decoded = BoundGraph.matrix(Functions.only(vae.decode(), values, Map.of("latent_value", latent)));
        Map<String, INDArray> shown = Functions.run(vae.reconstruct(), values, inputs);
        assertThat(BoundGraph.matrix(shown.get("reconstruction"))).isDeepEqualTo(decoded);
        double[][] seen = BoundGraph.matrix(shown.get("seen"));
        for (int n = 0; n < 3; n++) {
            double sum = 0;
            for (int i = 0; i < 4; i++) {
                assertThat(seen[n][i]).isCloseTo(inputs.get("pixels").getDouble(n, i) / 255, within(1e-12));
                sum += PlainMath.logNormal(seen[n][i], decoded[n][i], 0.25);
            }
            assertThat(reconstruction.getDouble(n)).isCloseTo(sum, within(1e-10));
        }
    }

    /** Checkpoints go by these names. */
    @Test
    void namesAreStable() {
        List<String> names = new ArrayList<>();
        vae(4, 2, bernoulli(Binarization.DYNAMIC), 3, 5)
                .parameters()
                .entries()
                .forEach(entry -> names.add(
                        entry.parameter().name() + " " + entry.parameter().shape() + " " + entry.offset()));
        assertThat(names)
                .containsExactly(
                        "encoder/layer0/weight [4, 3] 0",
                        "encoder/layer0/bias [3] 16",
                        "encoder/layer1/weight [3, 5] 32",
                        "encoder/layer1/bias [5] 48",
                        "encoder/output/weight [5, 4] 64",
                        "encoder/output/bias [4] 96",
                        "decoder/layer0/weight [2, 3] 112",
                        "decoder/layer0/bias [3] 128",
                        "decoder/layer1/weight [3, 5] 144",
                        "decoder/layer1/bias [5] 160",
                        "decoder/output/weight [5, 4] 176",
                        "decoder/output/bias [4] 208");
    }

    @Test
    void badOptionsAreNamed() {
        Likelihood pixels = bernoulli(Binarization.DYNAMIC);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VaeOptions(
                        EventShape.row(3), -1, LinearVae.NO_HIDDEN, LinearVae.NO_HIDDEN, pixels, DataType.FLOAT))
                .withMessage("a row must have at least 1 number, had -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VaeOptions(
                        EventShape.row(3),
                        1,
                        LinearVae.NO_HIDDEN,
                        LinearVae.NO_HIDDEN,
                        pixels,
                        new StandardNormalPrior(2),
                        Objective.elbo(),
                        new VaeOptions.KlReport(true, 0),
                        DataType.FLOAT))
                .withMessage("a prior of 2 latents does not fit a VAE of 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VaeOptions(
                        EventShape.row(3), 1, LinearVae.NO_HIDDEN, LinearVae.NO_HIDDEN, pixels, DataType.BFLOAT16))
                .withMessageContaining("FLOAT or DOUBLE");
        for (double sigma : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new GaussianPixels(sigma))
                    .withMessageContaining("sigma")
                    .withMessageContaining(String.valueOf(sigma));
        }
    }
}
