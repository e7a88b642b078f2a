package org.likelihood4j.models.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.models.BoundGraph;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Functions;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.models.Metric;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.PlainMath;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.models.bijectors.coupling.DerivedAffineFamily;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.Mlp;
import org.likelihood4j.models.vae.likelihood.BernoulliPixels;
import org.likelihood4j.models.vae.likelihood.Binarization;
import org.likelihood4j.models.vae.likelihood.GaussianPixels;
import org.likelihood4j.models.vae.likelihood.Likelihood;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a VAE minimises and reports, and the gradients of that, against their formulas. */
class ObjectiveTest {
    private static final int D = 4;
    private static final int L = 2;
    private static final int N = 3;
    private static final double SIGMA = 0.5;
    private static final Mlp.Hidden HIDDEN = new Mlp.Hidden(List.of(3), Activation.TANH);
    private static final Prior NORMAL = new StandardNormalPrior(L);
    private static final VaeOptions.KlReport REPORT = new VaeOptions.KlReport(true, 0);

    private static GaussianVae vae(Prior prior, Objective objective, VaeOptions.KlReport report) {
        return vae(L, HIDDEN, new GaussianPixels(SIGMA), prior, objective, report);
    }

    private static GaussianVae vae(
            int latent,
            Mlp.Hidden hidden,
            Likelihood likelihood,
            Prior prior,
            Objective objective,
            VaeOptions.KlReport report) {
        return new GaussianVae(new VaeOptions(
                EventShape.row(D), latent, hidden, hidden, likelihood, prior, objective, report, DataType.DOUBLE));
    }

    private static Objective objective(KlEstimator estimator, int importanceSamples) {
        return new Objective(estimator, importanceSamples, false, 0);
    }

    private static Stream<Prior> priors() {
        return Stream.of(NORMAL, new MixturePrior(L, 3), new FlowPrior(L, 2, HIDDEN, new DerivedAffineFamily(1.5)));
    }

    private static Map<String, INDArray> inputs(GaussianVae vae) {
        return Functions.inputs(vae.trainingLoss(), N, 256, DataType.DOUBLE, 11);
    }

    private static Map<String, double[]> values(GaussianVae vae) {
        return Functions.perturbed(vae, 0.6, 3);
    }

    private static Map<String, INDArray> run(GaussianVae vae, Map<String, INDArray> inputs) {
        return run(vae.trainingLoss(), vae, inputs);
    }

    private static Map<String, INDArray> run(ModelFunction function, GaussianVae vae, Map<String, INDArray> inputs) {
        return Functions.run(function, values(vae), Functions.declared(function, inputs));
    }

    private static double loss(GaussianVae vae, Map<String, INDArray> inputs) {
        return run(vae, inputs).get("loss").getDouble(0);
    }

    private static double[] metric(GaussianVae vae, String name, Map<String, INDArray> inputs) {
        return run(vae, inputs).get(name).toDoubleVector();
    }

    /** Of the training loss with respect to every parameter. */
    private static Map<String, double[]> gradients(
            GaussianVae vae, Map<String, double[]> values, Map<String, INDArray> inputs) {
        ModelFunction loss = vae.trainingLoss();
        return flat(new BoundGraph(loss.graph(), values)
                .gradients("loss", Functions.names(vae), Functions.declared(loss, inputs)));
    }

    private static Map<String, double[]> gradients(GaussianVae vae, Map<String, INDArray> inputs) {
        return gradients(vae, values(vae), inputs);
    }

    private static Map<String, double[]> flat(Map<String, INDArray> arrays) {
        Map<String, double[]> flat = new LinkedHashMap<>();
        arrays.forEach((name, array) -> flat.put(name, array.dup('c').data().asDouble()));
        return flat;
    }

    /**
     * Of a function's term with respect to the posterior's mean and log-variance, each {@code
     * [N][L]}.
     */
    private static double[][][] termGradients(ModelFunction function, GaussianVae vae, Map<String, INDArray> inputs) {
        List<String> names = List.of(LatentVariableModel.MEAN, LatentVariableModel.LOG_VARIANCE);
        Map<String, INDArray> gradients = new BoundGraph(function.graph(), values(vae))
                .gradients("term", names, Functions.declared(function, inputs));
        return names.stream().map(gradients::get).map(BoundGraph::matrix).toArray(double[][][]::new);
    }

    /** Each image k times with one of its k draws, as k = 1 takes them. */
    private static Map<String, INDArray> oneDrawARow(Map<String, INDArray> inputs, String noise, int k) {
        Map<String, INDArray> rows = new HashMap<>();
        inputs.forEach((name, array) -> {
            double[][] values = BoundGraph.matrix(array);
            double[][] repeated = new double[values.length * k][];
            Arrays.setAll(repeated, n -> values[n / k]);
            rows.put(name, Functions.array(repeated));
        });
        double[][] draws = BoundGraph.matrix(inputs.get(noise));
        int latent = draws[0].length / k;
        double[][] split = new double[draws.length * k][];
        Arrays.setAll(split, n -> Arrays.copyOfRange(draws[n / k], n % k * latent, (n % k + 1) * latent));
        rows.put("posterior", Functions.array(split));
        return rows;
    }

    private static double[] group(double[] values, int n, int k) {
        return Arrays.copyOfRange(values, n * k, (n + 1) * k);
    }

    // ---- the importance-weighted bound

    @ParameterizedTest
    @MethodSource("priors")
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

    /**
     * Only q's gradient is another one: the value, and the decoder's and the prior's gradients, are
     * not.
     */
    @ParameterizedTest
    @MethodSource("priors")
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

    private static double distance(double[] a, double[] b) {
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i]));
        }
        return largest;
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

    // ---- the weighted KL

    /**
     * The posterior's mean and log-variance, by the encoder, and the KL of each dimension by its
     * formula.
     */
    private static double[][] plainKl(GaussianVae vae, Map<String, INDArray> inputs) {
        Map<String, INDArray> posterior = run(vae.posterior(), vae, inputs);
        double[][] mean = BoundGraph.matrix(posterior.get("mean"));
        double[][] logVariance = BoundGraph.matrix(posterior.get("log_variance"));
        double[][] kl = new double[mean.length][L];
        for (int n = 0; n < kl.length; n++) {
            for (int l = 0; l < L; l++) {
                double variance = Math.exp(logVariance[n][l]);
                kl[n][l] = (variance + mean[n][l] * mean[n][l] - logVariance[n][l] - 1) / 2;
            }
        }
        return kl;
    }

    private static double mean(Map<String, INDArray> out, String metric) {
        return PlainMath.mean(out.get(metric).toDoubleVector());
    }

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

    // ---- what a step reports

    @ParameterizedTest
    @MethodSource("priors")
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

    @Test
    void eachObjectiveHasItsMetricsAndInputs() {
        Prior mixture = new MixturePrior(L, 3);
        assertMetrics(vae(NORMAL, Objective.elbo(), REPORT), "elbo", "reconstruction", "kl_analytic", "kl_sampled");
        VaeOptions.KlReport none = new VaeOptions.KlReport(false, 2);
        assertMetrics(vae(NORMAL, Objective.elbo(), none), "elbo", "reconstruction", "kl_analytic");
        assertMetrics(
                vae(NORMAL, objective(KlEstimator.SAMPLED, 3), none),
                "iwae",
                "elbo",
                "reconstruction",
                "kl_analytic",
                "kl_sampled");
        assertMetrics(vae(mixture, objective(KlEstimator.SAMPLED, 1), none), "elbo", "reconstruction", "kl_sampled");
        assertMetrics(
                vae(mixture, objective(KlEstimator.PATH, 3), REPORT), "iwae", "elbo", "reconstruction", "kl_sampled");

        FunctionInput pixels = new FunctionInput.Data("pixels", EventShape.row(D));
        assertInputs(vae(NORMAL, Objective.elbo(), REPORT), pixels, noise("posterior", L));
        assertInputs(vae(NORMAL, Objective.elbo(), none), pixels, noise("posterior", L));
        assertInputs(
                vae(NORMAL, objective(KlEstimator.PATH, 3), new VaeOptions.KlReport(true, 2)),
                pixels,
                noise("posterior", 3 * L),
                noise("posterior_report", 2 * L));
        assertInputs(
                vae(NORMAL, new Objective(KlEstimator.ANALYTIC, 1, true, 0.1), REPORT),
                pixels,
                noise("posterior", L),
                new FunctionInput.Weight("beta"));
    }

    private static void assertMetrics(GaussianVae vae, String... names) {
        assertThat(vae.metrics()).extracting(Metric::name).containsExactly(names);
        List<String> outputs = new ArrayList<>(List.of("loss"));
        outputs.addAll(List.of(names));
        if (outputs.containsAll(List.of("kl_analytic", "kl_sampled"))) {
            outputs.add("kl_sampled_variance");
        }
        assertThat(vae.trainingLoss().outputNames()).isEqualTo(outputs);
    }

    private static void assertInputs(GaussianVae vae, FunctionInput... inputs) {
        assertThat(vae.trainingLoss().inputs()).containsExactly(inputs);
    }

    private static FunctionInput noise(String name, int size) {
        return new FunctionInput.NoiseInput(name, EventShape.row(size), Noise.NORMAL, Renewal.DRAW);
    }

    /**
     * Where nothing is weighted and the bound's own KL is trained, the loss needs no column of its
     * own.
     */
    @Test
    void theLossIsANumberOfItsOwnWhereItIsNotMinusTheBound() {
        Prior mixture = new MixturePrior(L, 3);
        VaeOptions.KlReport more = new VaeOptions.KlReport(true, 2);
        assertThat(vae(NORMAL, Objective.elbo(), more).hasWeightedLoss()).isFalse();
        assertThat(vae(NORMAL, objective(KlEstimator.SAMPLED, 3), more).hasWeightedLoss())
                .isFalse();
        assertThat(vae(mixture, objective(KlEstimator.PATH, 1), REPORT).hasWeightedLoss())
                .isFalse();
        assertThat(vae(mixture, objective(KlEstimator.PATH, 1), more).hasWeightedLoss())
                .isTrue();
        assertThat(vae(NORMAL, objective(KlEstimator.PATH, 1), REPORT).hasWeightedLoss())
                .isTrue();
        assertThat(vae(NORMAL, new Objective(KlEstimator.ANALYTIC, 1, true, 0), REPORT)
                        .hasWeightedLoss())
                .isTrue();
        assertThat(vae(NORMAL, new Objective(KlEstimator.ANALYTIC, 1, false, 0.1), REPORT)
                        .hasWeightedLoss())
                .isTrue();
    }

    // ---- the functions that lay the posterior open

    @ParameterizedTest
    @MethodSource("priors")
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
    @MethodSource("priors")
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

    @Test
    void estimatorsAreThoseThatThePriorAllows() {
        assertThat(vae(NORMAL, Objective.elbo(), REPORT).estimators()).containsExactly(KlEstimator.values());
        GaussianVae mixture = vae(new MixturePrior(L, 2), objective(KlEstimator.PATH, 1), REPORT);
        assertThat(mixture.plainEstimator()).contains(KlEstimator.PATH);
        assertThat(vae(NORMAL, new Objective(KlEstimator.ANALYTIC, 1, true, 0), REPORT)
                        .plainEstimator())
                .isEmpty();
        assertThat(vae(NORMAL, objective(KlEstimator.PATH, 3), REPORT).plainEstimator())
                .isEmpty();
        assertThat(mixture.estimators()).containsExactly(KlEstimator.SAMPLED, KlEstimator.PATH);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mixture.klTerm(KlEstimator.ANALYTIC))
                .withMessage("this model's KL has no estimator ANALYTIC");
    }

    // ---- refusals

    @Test
    void objectivesThatMeanNothingAreRefused() {
        refused(() -> objective(KlEstimator.SAMPLED, 0), "importance samples must be at least 1, were 0");
        for (double bits : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            refused(
                    () -> new Objective(KlEstimator.ANALYTIC, 1, false, bits),
                    "free bits must be at least 0 and finite, were " + bits);
        }
        refused(
                () -> objective(KlEstimator.ANALYTIC, 2),
                "the importance-weighted bound has no KL term to be taken in closed form");
        String noKl = "the importance-weighted bound has no KL term to be weighted";
        refused(() -> new Objective(KlEstimator.SAMPLED, 2, true, 0), noKl);
        refused(() -> new Objective(KlEstimator.PATH, 2, false, 0.1), noKl);
        for (KlEstimator estimator : List.of(KlEstimator.SAMPLED, KlEstimator.PATH)) {
            refused(
                    () -> new Objective(estimator, 1, false, 0.1),
                    "free bits are defined on the analytic KL of each dimension");
        }
        refused(() -> new VaeOptions.KlReport(true, -1), "draws must be at least 0, were -1");
        refused(() -> vae(new MixturePrior(L, 2), Objective.elbo(), REPORT), "this prior has no KL in closed form");
        refused(
                () -> vae(
                        L,
                        HIDDEN,
                        new BernoulliPixels(Binarization.NONE),
                        NORMAL,
                        objective(KlEstimator.SAMPLED, 2),
                        REPORT),
                "without a likelihood there is no importance-weighted bound");
    }

    private static void refused(ThrowingCallable make, String message) {
        assertThatIllegalArgumentException().isThrownBy(make).withMessage(message);
    }
}
