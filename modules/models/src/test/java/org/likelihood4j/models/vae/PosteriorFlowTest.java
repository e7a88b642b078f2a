package org.likelihood4j.models.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.models.BoundGraph;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Functions;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.PlainMath;
import org.likelihood4j.models.bijectors.coupling.AffineFamily;
import org.likelihood4j.models.bijectors.coupling.DerivedAffineFamily;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.LayerFactory;
import org.likelihood4j.models.layers.Masked;
import org.likelihood4j.models.layers.Mlp;
import org.likelihood4j.models.vae.likelihood.GaussianPixels;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A posterior that a flow makes of a Gaussian: its density, and what it is for. */
class PosteriorFlowTest {
    private static final Mlp.Hidden HIDDEN = new Mlp.Hidden(List.of(5), Activation.TANH);
    private static final Mlp.Hidden LINEAR = new Mlp.Hidden(List.of(), Activation.IDENTITY);
    private static final FunctionInput.Condition LABEL = new FunctionInput.Condition("label", 3);
    private static final Objective SAMPLED = new Objective(KlEstimator.SAMPLED, 1, false, 0);

    private record Case(String name, int latent, PosteriorFlow flow) {
        GaussianVae model() {
            return vae(4, latent, HIDDEN, 0.4, Optional.of(flow));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Case> flows() {
        List<Case> cases = new ArrayList<>();
        for (int latent : new int[] {2, 3}) {
            for (int context : new int[] {0, 2}) {
                String of = " of " + latent + ", context " + context;
                cases.add(new Case("couplings" + of, latent, couplings(latent, context, 3, HIDDEN)));
                cases.add(new Case("iaf" + of, latent, iaf(latent, context, 3, HIDDEN)));
            }
        }
        cases.add(new Case("iaf, one step", 3, iaf(3, 0, 1, HIDDEN)));
        cases.add(new Case(
                "iaf, told the class",
                3,
                PosteriorFlow.inverseAutoregressive(
                        3, 2, 2, new Masked(3, HIDDEN).given(LABEL), new AffineFamily(1.5))));
        cases.add(new Case("couplings, told the class", 3, couplings(3, 2, 2, HIDDEN.given(LABEL))));
        return cases.stream();
    }

    private static PosteriorFlow couplings(int latent, int context, int count, LayerFactory network) {
        return PosteriorFlow.ofCouplings(latent, context, count, network, new DerivedAffineFamily(1.5));
    }

    private static PosteriorFlow iaf(int latent, int context, int steps, Mlp.Hidden inside) {
        return PosteriorFlow.inverseAutoregressive(
                latent, context, steps, new Masked(latent, inside), new AffineFamily(1.5));
    }

    private static GaussianVae vae(
            int dimension, int latent, Mlp.Hidden networks, double sigma, Optional<PosteriorFlow> flow) {
        return new GaussianVae(new VaeOptions(
                EventShape.row(dimension),
                latent,
                networks,
                networks,
                new GaussianPixels(sigma),
                flow,
                new StandardNormalPrior(latent),
                SAMPLED,
                new VaeOptions.KlReport(true, 0),
                DataType.DOUBLE));
    }

    /** One image over and over, with other noise in each row. */
    private static Map<String, INDArray> inputs(ModelFunction function, double[][] eps) {
        double[] image = PlainMath.uniform(1, 4, 0, 255, 1)[0];
        return Functions.declared(
                function,
                Map.of(
                        "pixels", Functions.array(PlainMath.tile(image, eps.length)),
                        "label", Functions.array(PlainMath.tile(new double[] {0, 1, 0}, eps.length)),
                        "posterior", Functions.array(eps)));
    }

    private static Map<String, INDArray> posterior(GaussianVae model, Map<String, double[]> values, double[][] eps) {
        ModelFunction function = model.posterior();
        return Functions.run(function, values, inputs(function, eps));
    }

    private static double[][] latents(Map<String, INDArray> posterior) {
        return BoundGraph.matrix(posterior.get(LatentVariableModel.LATENT));
    }

    /** {@code log q(z|x) = log N(eps) - log|det dz/deps|}, the Jacobian by central differences of the whole way. */
    @ParameterizedTest
    @MethodSource("flows")
    void theDensityOfADrawIsThatOfTheChangeOfVariables(Case c) {
        GaussianVae model = c.model();
        Map<String, double[]> values = Functions.perturbed(model, 0.6, 2);
        int latent = c.latent();
        double h = 1e-5;
        for (double[] eps : PlainMath.normal(4, latent, 3)) {
            double[][] shifted = PlainMath.tile(eps, 2 * latent);
            for (int j = 0; j < latent; j++) {
                shifted[2 * j][j] += h;
                shifted[2 * j + 1][j] -= h;
            }
            double[][] z = latents(posterior(model, values, shifted));
            double[][] jacobian = new double[latent][latent];
            for (int j = 0; j < latent; j++) {
                for (int i = 0; i < latent; i++) {
                    jacobian[i][j] = (z[2 * j][i] - z[2 * j + 1][i]) / (2 * h);
                }
            }
            double base =
                    Arrays.stream(eps).map(v -> PlainMath.logNormal(v, 0, 1)).sum();
            INDArray told = posterior(model, values, new double[][] {eps}).get(LatentVariableModel.LOG_POSTERIOR);
            assertThat(told.getDouble(0)).isCloseTo(base - PlainMath.logAbsDet(jacobian), within(1e-7));
        }
    }

    /**
     * {@code E_q[g/q] = 1} for any density g: here a normal one within q's reach. A density that is not normalised, or
     * that is not that of the draws, gives another number.
     */
    @ParameterizedTest
    @MethodSource("flows")
    void theDensityIntegratesToOneOverItsDraws(Case c) {
        GaussianVae model = c.model();
        Map<String, double[]> values = Functions.perturbed(model, 0.35, 4);
        Map<String, INDArray> posterior = posterior(model, values, PlainMath.normal(20_000, c.latent(), 5));
        double[][] z = latents(posterior);
        double[] logQ = posterior.get(LatentVariableModel.LOG_POSTERIOR).toDoubleVector();
        double[] ratios = new double[z.length];
        for (int j = 0; j < c.latent(); j++) {
            double[] column = PlainMath.column(z, j);
            double mean = PlainMath.mean(column);
            double variance = 0.2 * PlainMath.variance(column);
            Arrays.setAll(ratios, n -> ratios[n] + PlainMath.logNormal(column[n], mean, variance));
        }
        Arrays.setAll(ratios, n -> Math.exp(ratios[n] - logQ[n]));
        double error = PlainMath.standardError(ratios);
        assertThat(error).isLessThan(0.03);
        assertThat(PlainMath.mean(ratios)).isCloseTo(1, within(4 * error));
    }

    /** What {@code log w} takes away from {@code log p(x|z) + log p(z)} is that density. */
    @ParameterizedTest
    @MethodSource("flows")
    void theWeightHasTheDensityAndAnEncodingIsTheDrawWithoutNoise(Case c) {
        GaussianVae model = c.model();
        Map<String, double[]> values = Functions.perturbed(model, 0.5, 6);
        double[][] eps = PlainMath.normal(3, c.latent(), 7);
        Map<String, INDArray> posterior = posterior(model, values, eps);
        ModelFunction loss = model.trainingLoss();
        Map<String, INDArray> terms = Functions.run(loss, values, inputs(loss, eps));
        ModelFunction weight = model.logWeight();
        INDArray weights = Functions.only(weight, values, inputs(weight, eps));
        for (int n = 0; n < 3; n++) {
            double kl = posterior.get(LatentVariableModel.LOG_POSTERIOR).getDouble(n)
                    - posterior.get(LatentVariableModel.LOG_PRIOR).getDouble(n);
            assertThat(terms.get("kl_sampled").getDouble(n)).isCloseTo(kl, within(1e-10));
            assertThat(weights.getDouble(n))
                    .isCloseTo(terms.get("reconstruction").getDouble(n) - kl, within(1e-10));
            assertThat(terms.get("elbo").getDouble(n)).isCloseTo(weights.getDouble(n), within(1e-10));
        }
        double[][] silent = new double[1][c.latent()];
        double[][] z = latents(posterior(model, values, silent));
        ModelFunction encode = model.encode();
        assertThat(BoundGraph.matrix(Functions.only(encode, values, inputs(encode, silent))))
                .isDeepEqualTo(z);
        assertThat(BoundGraph.matrix(posterior(model, values, eps).get(LatentVariableModel.ENCODING))[0])
                .containsExactly(z[0], within(1e-12));
    }

    @ParameterizedTest
    @MethodSource("flows")
    void itStartsAsTheGaussian(Case c) {
        GaussianVae model = c.model();
        Map<String, double[]> values = new HashMap<>(Functions.perturbed(model, 0.5, 8));
        values.replaceAll(
                (name, value) -> name.startsWith("posterior/") && (name.contains("output") || name.endsWith("scale"))
                        ? new double[value.length]
                        : value);
        double[][] eps = PlainMath.normal(2, c.latent(), 9);
        Map<String, INDArray> posterior = posterior(model, values, eps);
        double[][] mean = BoundGraph.matrix(posterior.get(LatentVariableModel.MEAN));
        double[][] logVariance = BoundGraph.matrix(posterior.get(LatentVariableModel.LOG_VARIANCE));
        double[][] z = latents(posterior);
        for (int n = 0; n < 2; n++) {
            double logDensity = 0;
            double[] z0 = new double[c.latent()];
            for (int j = 0; j < c.latent(); j++) {
                double sigma = Math.exp(logVariance[n][j] / 2);
                z0[j] = mean[n][j] + sigma * eps[n][j];
                logDensity += PlainMath.logNormal(z0[j], mean[n][j], sigma * sigma);
            }
            assertThat(z[n]).containsExactly(z0, within(1e-12));
            assertThat(posterior.get(LatentVariableModel.LOG_POSTERIOR).getDouble(n))
                    .isCloseTo(logDensity, within(1e-10));
        }
    }

    // ---- what it is for: a linear model, whose posterior's latents depend on each other
    // -------------------------------

    private static final double[][] A = {{0.9, -0.3, 0.6}, {0.8, -0.1, 0.7}};
    private static final int L = A.length;
    private static final int D = A[0].length;
    private static final double SIGMA = 0.25;

    /** Of p(z|x): {@code I + A A^T/sigma^2}, the same for all x. */
    private static double[][] precision() {
        double[][] precision = PlainMath.multiply(A, PlainMath.transpose(A));
        for (int i = 0; i < L; i++) {
            for (int j = 0; j < L; j++) {
                precision[i][j] = precision[i][j] / (SIGMA * SIGMA) + (i == j ? 1 : 0);
            }
        }
        return precision;
    }

    /** The KL of the best diagonal Gaussian, whose precisions are those on the diagonal, from p(z|x). */
    private static double gap() {
        double[][] precision = precision();
        double sum = -PlainMath.logAbsDet(precision);
        for (int i = 0; i < L; i++) {
            sum += Math.log(precision[i][i]);
        }
        return 0.5 * sum;
    }

    /** Draws of x = z A + noise. */
    private static double[][] data(int rows) {
        double[][] x = PlainMath.multiply(PlainMath.normal(rows, L, 10), A);
        double[][] noise = PlainMath.normal(rows, D, 11);
        for (int n = 0; n < rows; n++) {
            for (int i = 0; i < D; i++) {
                x[n][i] += SIGMA * noise[n][i];
            }
        }
        return x;
    }

    /** {@code log N(x; 0, A^T A + sigma^2 I)}. */
    private static double[] evidence(double[][] x) {
        double[][] covariance = PlainMath.multiply(PlainMath.transpose(A), A);
        for (int i = 0; i < D; i++) {
            covariance[i][i] += SIGMA * SIGMA;
        }
        double[][] inverse = PlainMath.inverse(covariance);
        double constant = PlainMath.logAbsDet(covariance) + D * PlainMath.LOG_2_PI;
        return Arrays.stream(x)
                .mapToDouble(row -> {
                    double[][] own = {row};
                    return -0.5
                            * (PlainMath.multiply(PlainMath.multiply(own, inverse), PlainMath.transpose(own))[0][0]
                                    + constant);
                })
                .toArray();
    }

    /** The decoder is the model's own, the encoder the best one of a diagonal Gaussian, and a flow the identity. */
    private static Map<String, double[]> best(GaussianVae model) {
        double[][] precision = precision();
        double[][] heads = PlainMath.multiply(PlainMath.transpose(A), PlainMath.inverse(precision));
        double[] weight = new double[D * 2 * L];
        double[] bias = new double[2 * L];
        for (int j = 0; j < L; j++) {
            for (int i = 0; i < D; i++) {
                weight[i * 2 * L + j] = heads[i][j] / (SIGMA * SIGMA);
            }
            bias[L + j] = -Math.log(precision[j][j]);
        }
        Map<String, double[]> values = new LinkedHashMap<>();
        Functions.perturbed(model, 0, 1).forEach((name, value) -> values.put(name, new double[value.length]));
        values.put("encoder/output/weight", weight);
        values.put("encoder/output/bias", bias);
        values.put(
                "decoder/output/weight",
                Arrays.stream(A).flatMapToDouble(Arrays::stream).toArray());
        return values;
    }

    private static Map<String, INDArray> shown(double[][] x, long seed) {
        double[][] pixels = Arrays.stream(x)
                .map(row -> Arrays.stream(row).map(v -> 255 * v).toArray())
                .toArray(double[][]::new);
        return Map.of(
                "pixels", Functions.array(pixels), "posterior", Functions.array(PlainMath.normal(x.length, L, seed)));
    }

    /** {@code log p(x) - log w}, whose mean is {@code log p(x) - ELBO}, over draws. */
    private static double[] distances(GaussianVae model, Map<String, double[]> values, double[][] x, int draws) {
        double[] evidence = evidence(x);
        double[] distances = new double[x.length * draws];
        ModelFunction weight = model.logWeight();
        BoundGraph graph = new BoundGraph(weight.graph(), values);
        for (int draw = 0; draw < draws; draw++) {
            double[] weights =
                    graph.run(weight.outputNames().get(0), shown(x, 100 + draw)).toDoubleVector();
            for (int n = 0; n < x.length; n++) {
                distances[draw * x.length + n] = evidence[n] - weights[n];
            }
        }
        return distances;
    }

    /** Adam on what belongs to the posterior. */
    private static Map<String, double[]> trained(GaussianVae model, double[][] x, int steps) {
        Map<String, double[]> values = best(model);
        ModelFunction loss = model.trainingLoss();
        BoundGraph graph = new BoundGraph(loss.graph(), values);
        List<String> names = values.keySet().stream()
                .filter(name -> !name.startsWith("decoder"))
                .toList();
        Map<String, double[]> first = new HashMap<>();
        Map<String, double[]> second = new HashMap<>();
        for (int step = 1; step <= steps; step++) {
            double rate = 0.1 * Math.pow(0.01, (double) step / steps);
            int now = step;
            graph.gradients("loss", names, shown(x, 1000 + step)).forEach((name, gradient) -> {
                double[] g = gradient.reshape(gradient.length()).toDoubleVector();
                double[] m = first.computeIfAbsent(name, key -> new double[g.length]);
                double[] v = second.computeIfAbsent(name, key -> new double[g.length]);
                INDArray value = graph.value(name).reshape(g.length);
                for (int i = 0; i < g.length; i++) {
                    m[i] = 0.9 * m[i] + 0.1 * g[i];
                    v[i] = 0.99 * v[i] + 0.01 * g[i] * g[i];
                    double mean = m[i] / (1 - Math.pow(0.9, now));
                    double deviation = Math.sqrt(v[i] / (1 - Math.pow(0.99, now))) + 1e-10;
                    value.putScalar(i, value.getDouble(i) - rate * mean / deviation);
                }
            });
        }
        Map<String, double[]> result = new LinkedHashMap<>(values);
        names.forEach(name -> result.put(
                name, graph.value(name).reshape(values.get(name).length).toDoubleVector()));
        return result;
    }

    @Test
    void aDiagonalGaussianLeavesTheKnownGapToTheEvidence() {
        double[][] x = data(500);
        GaussianVae model = vae(D, L, LINEAR, SIGMA, Optional.empty());
        double[] distances = distances(model, best(model), x, 20);
        assertThat(gap()).isGreaterThan(0.9);
        assertThat(PlainMath.mean(distances)).isCloseTo(gap(), within(4 * PlainMath.standardError(distances)));
    }

    /**
     * Linear networks can make the posterior exact, and then the ELBO is log p(x) at every draw. A short training gets
     * within 5% of the gap, which is some ten standard errors.
     */
    @Test
    @Tag("slow")
    void aFlowClosesIt() {
        double[][] x = data(200);
        for (PosteriorFlow flow : List.of(couplings(L, 0, 2, LINEAR), iaf(L, 0, 1, LINEAR))) {
            GaussianVae model = vae(D, L, LINEAR, SIGMA, Optional.of(flow));
            double[] before = distances(model, best(model), x, 50);
            assertThat(PlainMath.mean(before)).isCloseTo(gap(), within(4 * PlainMath.standardError(before)));
            double[] after = distances(model, trained(model, x, 250), x, 50);
            double error = PlainMath.standardError(after);
            assertThat(error).isLessThan(0.01 * gap());
            assertThat(PlainMath.mean(after)).isBetween(-4 * error, 0.05 * gap());
        }
    }

    // ---- names and refusals
    // -------------------------------------------------------------------------------------------

    /** Checkpoints go by these names. */
    @Test
    void namesAreStable() {
        assertThat(iaf(3, 2, 2, HIDDEN).parameters())
                .extracting(parameter -> parameter.name() + " " + parameter.shape() + " " + parameter.decay())
                .containsExactly(
                        "posterior/step0/conditioner/layer0/weight [5, 5] true",
                        "posterior/step0/conditioner/layer0/bias [5] false",
                        "posterior/step0/conditioner/output/weight [5, 6] true",
                        "posterior/step0/conditioner/output/bias [6] false",
                        "posterior/step1/conditioner/layer0/weight [5, 5] true",
                        "posterior/step1/conditioner/layer0/bias [5] false",
                        "posterior/step1/conditioner/output/weight [5, 6] true",
                        "posterior/step1/conditioner/output/bias [6] false");
        assertThat(couplings(3, 2, 1, HIDDEN).parameters())
                .extracting(Parameter::name)
                .first()
                .isEqualTo("posterior/coupling0/conditioner/layer0/weight");
        assertThat(vae(4, 3, HIDDEN, 1, Optional.of(iaf(3, 2, 1, HIDDEN)))
                        .parameters()
                        .entries())
                .extracting(entry ->
                        entry.parameter().name() + " " + entry.parameter().shape())
                .contains("encoder/output/weight [5, 8]");
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> couplings(1, 0, 1, HIDDEN))
                .withMessage("a posterior's flow needs at least 2 latents and 1 step, had 1 and 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> couplings(2, -1, 1, HIDDEN))
                .withMessage("context must be at least 0, was -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> vae(4, 2, HIDDEN, 1, Optional.of(iaf(3, 0, 1, HIDDEN))))
                .withMessage("a posterior flow of 3 latents does not fit a VAE of 2");
        for (KlEstimator estimator : List.of(KlEstimator.ANALYTIC, KlEstimator.PATH)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new VaeOptions(
                            EventShape.row(4),
                            2,
                            HIDDEN,
                            HIDDEN,
                            new GaussianPixels(1),
                            Optional.of(iaf(2, 0, 1, HIDDEN)),
                            new StandardNormalPrior(2),
                            new Objective(estimator, 1, false, 0),
                            new VaeOptions.KlReport(true, 0),
                            DataType.DOUBLE))
                    .withMessageContaining("is sampled");
            GaussianVae model = vae(4, 2, HIDDEN, 1, Optional.of(iaf(2, 0, 1, HIDDEN)));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.klTerm(estimator))
                    .withMessage("this model's KL has no estimator " + estimator);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VaeOptions(
                        EventShape.row(4),
                        2,
                        HIDDEN,
                        HIDDEN,
                        new GaussianPixels(1),
                        Optional.of(iaf(2, 0, 10, HIDDEN)),
                        new FlowPrior(2, 10, HIDDEN, new DerivedAffineFamily(1.5)),
                        SAMPLED,
                        new VaeOptions.KlReport(true, 0),
                        DataType.DOUBLE))
                .withMessageContaining("may scale by exp(30.0)");
        assertThatIllegalStateException()
                .isThrownBy(() -> new GraphBuilder(DataType.DOUBLE).context())
                .withMessageContaining("nobody has said what");
    }
}
