package org.likelihood4j.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.models.bijectors.Standardization;
import org.likelihood4j.models.bijectors.coupling.AdditiveFamily;
import org.likelihood4j.models.bijectors.coupling.AffineFamily;
import org.likelihood4j.models.bijectors.coupling.DerivedAffineFamily;
import org.likelihood4j.models.bijectors.coupling.ElementwiseFamily;
import org.likelihood4j.models.flow.Flow;
import org.likelihood4j.models.flow.HalfOrder;
import org.likelihood4j.models.flow.MultiscaleArchitecture;
import org.likelihood4j.models.flow.PixelData;
import org.likelihood4j.models.flow.RowData;
import org.likelihood4j.models.flow.VariationalDequantization;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.ConvDecoder;
import org.likelihood4j.models.layers.ConvEncoder;
import org.likelihood4j.models.layers.ConvNet;
import org.likelihood4j.models.layers.LayerFactory;
import org.likelihood4j.models.layers.MaskedMlp;
import org.likelihood4j.models.layers.Mlp;
import org.likelihood4j.models.vae.FlowPrior;
import org.likelihood4j.models.vae.GaussianVae;
import org.likelihood4j.models.vae.MixturePrior;
import org.likelihood4j.models.vae.Objective;
import org.likelihood4j.models.vae.PosteriorFlow;
import org.likelihood4j.models.vae.Prior;
import org.likelihood4j.models.vae.StandardNormalPrior;
import org.likelihood4j.models.vae.VaeOptions;
import org.likelihood4j.models.vae.likelihood.BernoulliPixels;
import org.likelihood4j.models.vae.likelihood.Binarization;
import org.likelihood4j.models.vae.likelihood.GaussianPixels;
import org.likelihood4j.models.vae.likelihood.GaussianRows;
import org.likelihood4j.models.vae.likelihood.LearnedSigma;
import org.likelihood4j.models.vae.likelihood.Likelihood;
import org.likelihood4j.models.vae.likelihood.LogisticMixturePixels;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What every model must do. A new model is one line in {@link #models}. */
class ModelContractTest {
    private static final Prior NORMAL3 = new StandardNormalPrior(3);
    private static final Prior NORMAL = new StandardNormalPrior(2);

    private record Case(String name, int levels, Function<DataType, Model> factory) {
        Model model() {
            return factory.apply(DataType.DOUBLE);
        }

        /** Convolutions add up many numbers, which must not drive every tanh to its end. */
        Map<String, double[]> values() {
            return Functions.perturbed(model(), name.contains("multi-scale") ? 0.1 : 0.6, 3);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Case> models() {
        List<Case> cases = new ArrayList<>();
        cases.add(vae("VAE, dynamic", 6, 2, bernoulli(Binarization.DYNAMIC), hidden(Activation.TANH, 4)));
        cases.add(vae("VAE, static", 4, 1, bernoulli(Binarization.STATIC), hidden(Activation.TANH)));
        cases.add(vae("VAE, unbinarised", 5, 3, bernoulli(Binarization.NONE), hidden(Activation.SOFTPLUS, 4, 3)));
        cases.add(vae("VAE, Gaussian", 4, 2, new GaussianPixels(0.4), hidden(Activation.ELU, 4)));
        cases.add(vae("VAE, one pixel", 1, 1, bernoulli(Binarization.DYNAMIC), hidden(Activation.RELU, 12)));
        Mlp.Hidden small = hidden(Activation.TANH, 3);
        cases.add(vae("VAE, mixture prior", 4, 2, new MixturePrior(2, 3), sampled(1), 0));
        cases.add(
                vae("VAE, flow prior", 4, 3, new FlowPrior(3, 2, small, new DerivedAffineFamily(1.5)), sampled(1), 0));
        cases.add(vae("VAE, sampled", 4, 2, NORMAL, sampled(1), 0));
        cases.add(vae("VAE, path", 4, 2, NORMAL, path(1), 0));
        cases.add(vae("VAE, 3 samples", 4, 2, NORMAL, sampled(3), 0));
        cases.add(vae("VAE, 3 samples, path", 4, 2, NORMAL, path(3), 0));
        cases.add(vae("VAE, free bits", 4, 2, NORMAL, new Objective(KlEstimator.ANALYTIC, 1, false, 0.3), 0));
        cases.add(vae("VAE, weighted", 4, 2, NORMAL, new Objective(KlEstimator.ANALYTIC, 1, true, 0), 0));
        cases.add(vae("VAE, more draws for the report", 4, 2, NORMAL, Objective.elbo(), 2));
        cases.add(vae("VAE, one pixel, 3 samples, mixture prior", 1, 1, new MixturePrior(1, 2), sampled(3), 2));
        for (HalfOrder order : HalfOrder.values()) {
            cases.add(flow("RealNVP, " + order, 1, 4, 4, 256, 2, order, hidden(Activation.TANH, 3)));
        }
        cases.add(flow("RealNVP, colour", 3, 2, 2, 256, 3, HalfOrder.CHECKERBOARD, hidden(Activation.SWISH, 3, 2)));
        cases.add(flow("RealNVP, two pixels", 1, 1, 2, 2, 3, HalfOrder.COLUMNS, hidden(Activation.TANH)));
        for (HalfOrder order : HalfOrder.values()) {
            cases.add(rows("RealNVP, rows, " + order, 5, order));
        }
        cases.add(rows("RealNVP, rows of two", 2, HalfOrder.CHECKERBOARD));
        for (ElementwiseFamily family : List.of(new AffineFamily(1.5), new AdditiveFamily())) {
            cases.add(new Case(
                    "flow, " + family,
                    16,
                    type -> new Flow(new Flow.Options(
                            new PixelData(EventShape.image(2, 2, 1), 16, HalfOrder.COLUMNS, 0.05, 1e-3),
                            3,
                            hidden(Activation.TANH, 3),
                            family,
                            type))));
            cases.add(vae("VAE, prior of " + family, 4, 3, new FlowPrior(3, 2, small, family), sampled(1), 0));
        }
        FunctionInput.Condition label = new FunctionInput.Condition("label", 3);
        LayerFactory told = small.given(label);
        for (int draws : new int[] {1, 3}) {
            Prior flow = new FlowPrior(3, 2, told, new DerivedAffineFamily(1.5));
            cases.add(new Case(
                    "VAE, conditional, flow prior" + (draws == 1 ? "" : ", 3 samples, path"),
                    256,
                    type -> new GaussianVae(new VaeOptions(
                            EventShape.row(4),
                            3,
                            told,
                            told,
                            bernoulli(Binarization.DYNAMIC),
                            flow,
                            draws == 1 ? sampled(1) : path(draws),
                            new VaeOptions.KlReport(true, 2),
                            type))));
        }
        for (int draws : new int[] {1, 3}) {
            Prior flow = new FlowPrior(3, 2, told, new DerivedAffineFamily(1.5));
            String draw = draws == 1 ? "" : ", 3 samples";
            cases.add(posterior("VAE, coupling posterior" + draw, couplings(0, small), NORMAL3, small, draws));
            cases.add(posterior("VAE, iaf posterior" + draw, steps(0, small), NORMAL3, small, draws));
            cases.add(posterior(
                    "VAE, conditional, coupling posterior, flow prior" + draw, couplings(2, told), flow, told, draws));
            LayerFactory masked = new MaskedMlp.Shape(3, small).given(label);
            PosteriorFlow iaf = PosteriorFlow.inverseAutoregressive(3, 2, 2, masked, new AffineFamily(1));
            cases.add(posterior("VAE, conditional, iaf posterior" + draw, iaf, flow, told, draws));
        }
        cases.add(new Case(
                "flow, conditional",
                16,
                type -> new Flow(new Flow.Options(
                        new PixelData(EventShape.image(2, 2, 1), 16, HalfOrder.COLUMNS, 0.05, 1e-3),
                        3,
                        told,
                        new DerivedAffineFamily(1.5),
                        type))));
        cases.add(multiscale("RealNVP, multi-scale", EventShape.image(4, 4, 1), false));
        cases.add(new Case("RealNVP, multi-scale, learned noise", 16, ModelContractTest::withLearnedNoise));
        cases.add(multiscale("RealNVP, multi-scale, mixed and conditional", EventShape.image(4, 8, 3), true));
        cases.add(new Case(
                "VAE, convolutional and conditional, 3 samples",
                256,
                type -> new GaussianVae(new VaeOptions(
                        EventShape.image(4, 4, 3),
                        2,
                        new ConvEncoder.Shape(List.of(2, 3), 0, List.of(4), Activation.TANH).given(label),
                        new ConvDecoder.Shape(List.of(2, 3), 0, List.of(4), Activation.TANH).given(label),
                        bernoulli(Binarization.DYNAMIC),
                        NORMAL,
                        sampled(3),
                        new VaeOptions.KlReport(true, 2),
                        type))));
        for (LearnedSigma learned : List.of(LearnedSigma.ONE, LearnedSigma.EACH)) {
            Mlp.Hidden tanh = hidden(Activation.TANH, 3);
            cases.add(vae("VAE, Gaussian, learned " + learned, 4, 2, new GaussianPixels(0.4, learned), tanh));
            Likelihood rows = new GaussianRows(Standardization.ofData(EventShape.row(3)), 0.4, learned);
            cases.add(new Case(
                    "VAE, rows, learned " + learned,
                    3,
                    type -> new GaussianVae(new VaeOptions(EventShape.row(3), 2, tanh, tanh, rows, type))));
        }
        for (EventShape.Image image : List.of(EventShape.image(2, 2, 1), EventShape.image(1, 2, 3))) {
            cases.add(new Case(
                    "VAE, logistic mixture, " + image,
                    256,
                    type -> new GaussianVae(new VaeOptions(
                            image,
                            2,
                            hidden(Activation.TANH, 3),
                            hidden(Activation.TANH, 3),
                            new LogisticMixturePixels(2),
                            type))));
        }
        Likelihood reals = new GaussianRows(Standardization.ofData(EventShape.row(3)), 0.4);
        Mlp.Hidden elu = hidden(Activation.ELU, 4);
        cases.add(new Case(
                "VAE, rows", 3, type -> new GaussianVae(new VaeOptions(EventShape.row(3), 2, elu, elu, reals, type))));
        return cases.stream();
    }

    /** Of three scales. */
    private static Case multiscale(String name, EventShape.Image image, boolean mixed) {
        // Without blocks: its gradient is smooth enough for differences through all scales.
        ConvNet.Shape plain = new ConvNet.Shape(ConvNet.Block.GATED, 2, 0);
        ConvNet.Shape net = mixed ? plain.given(new FunctionInput.Condition("label", 3)) : plain;
        return new Case(
                name,
                256,
                type -> new Flow(new Flow.Options(
                        new PixelData(image, 256, HalfOrder.CHECKERBOARD, 0.05, 1e-3),
                        new MultiscaleArchitecture(
                                List.of(
                                        new MultiscaleArchitecture.Scale(0, 2, net),
                                        new MultiscaleArchitecture.Scale(2, 0, net),
                                        new MultiscaleArchitecture.Scale(1, 0, net)),
                                mixed ? new AffineFamily(1) : new DerivedAffineFamily(1),
                                mixed,
                                mixed,
                                true,
                                1),
                        type)));
    }

    private static Flow withLearnedNoise(DataType type) {
        ConvNet.Shape net = new ConvNet.Shape(ConvNet.Block.GATED, 2, 0);
        PixelData data = new PixelData(EventShape.image(2, 3, 2), 16, HalfOrder.CHECKERBOARD, 0.05, 1e-3);
        return new Flow(new Flow.Options(
                data,
                new MultiscaleArchitecture(
                        List.of(new MultiscaleArchitecture.Scale(1, 1, net)),
                        new AffineFamily(1),
                        false,
                        false,
                        false,
                        1),
                Optional.of(new VariationalDequantization(data, 2, net)),
                type));
    }

    private static Case rows(String name, int dimension, HalfOrder halves) {
        return new Case(
                name,
                5,
                type -> new Flow(new Flow.Options(
                        new RowData(EventShape.row(dimension), halves),
                        3,
                        hidden(Activation.TANH, 3),
                        new DerivedAffineFamily(1.5),
                        type)));
    }

    private static Case vae(String name, int dimension, int latent, Likelihood likelihood, Mlp.Hidden hidden) {
        return new Case(
                name,
                256,
                type -> new GaussianVae(
                        new VaeOptions(EventShape.row(dimension), latent, hidden, hidden, likelihood, type)));
    }

    private static PosteriorFlow couplings(int context, LayerFactory network) {
        return PosteriorFlow.ofCouplings(3, context, 2, network, new DerivedAffineFamily(1));
    }

    private static PosteriorFlow steps(int context, Mlp.Hidden inside) {
        return PosteriorFlow.inverseAutoregressive(3, context, 2, new MaskedMlp.Shape(3, inside), new AffineFamily(1));
    }

    /** A VAE of three latents whose posterior is a flow. */
    private static Case posterior(String name, PosteriorFlow flow, Prior prior, LayerFactory network, int draws) {
        return new Case(
                name,
                256,
                type -> new GaussianVae(new VaeOptions(
                        EventShape.row(4),
                        3,
                        network,
                        network,
                        bernoulli(Binarization.DYNAMIC),
                        Optional.of(flow),
                        prior,
                        sampled(draws),
                        new VaeOptions.KlReport(true, 2),
                        type)));
    }

    /** A VAE of dynamically binarised pixels with another prior or objective. */
    private static Case vae(String name, int dimension, int latent, Prior prior, Objective objective, int reportDraws) {
        Mlp.Hidden hidden = hidden(Activation.TANH, 3);
        return new Case(
                name,
                256,
                type -> new GaussianVae(new VaeOptions(
                        EventShape.row(dimension),
                        latent,
                        hidden,
                        hidden,
                        bernoulli(Binarization.DYNAMIC),
                        prior,
                        objective,
                        new VaeOptions.KlReport(true, reportDraws),
                        type)));
    }

    private static Case flow(
            String name,
            int channels,
            int height,
            int width,
            int levels,
            int couplings,
            HalfOrder order,
            Mlp.Hidden h) {
        return new Case(
                name,
                levels,
                type -> new Flow(new Flow.Options(
                        new PixelData(EventShape.image(height, width, channels), levels, order, 0.05, 1e-3),
                        couplings,
                        h,
                        new DerivedAffineFamily(1.5),
                        type)));
    }

    private static Objective sampled(int importanceSamples) {
        return new Objective(KlEstimator.SAMPLED, importanceSamples, false, 0);
    }

    private static Objective path(int importanceSamples) {
        return new Objective(KlEstimator.PATH, importanceSamples, false, 0);
    }

    /** All but those whose gradient is by definition not that of the loss's value. */
    private static Stream<Case> modelsWhoseGradientIsTheLosss() {
        return models().filter(c -> !c.name().endsWith("path"));
    }

    /** Those whose latent is the noise itself. */
    private static Stream<Case> modelsWithANormalPrior() {
        return models().filter(c -> !(c.model() instanceof LatentVariableModel vae) || vae.hasAnalyticKl());
    }

    private static Likelihood bernoulli(Binarization binarization) {
        return new BernoulliPixels(binarization);
    }

    private static Mlp.Hidden hidden(Activation activation, Integer... widths) {
        return new Mlp.Hidden(List.of(widths), activation);
    }

    private static Map<String, INDArray> run(Case c, ModelFunction function, int rows) {
        return Functions.run(function, c.values(), inputs(c, function, rows));
    }

    private static Map<String, INDArray> inputs(Case c, ModelFunction function, int rows) {
        return Functions.inputs(function, rows, c.levels(), DataType.DOUBLE, 11);
    }

    @ParameterizedTest
    @MethodSource("models")
    void everyFunctionReturnsItsOutputsInTheDeclaredShapes(Case c) {
        Model model = c.model();
        for (int n : new int[] {1, 5}) {
            ModelFunction loss = model.trainingLoss();
            List<String> names = new ArrayList<>(List.of("loss"));
            model.metrics().forEach(metric -> names.add(metric.name()));
            if (names.containsAll(List.of(LatentVariableModel.KL_ANALYTIC, LatentVariableModel.KL_SAMPLED))) {
                names.add(LatentVariableModel.KL_SAMPLED_VARIANCE);
            }
            assertThat(loss.outputNames()).isEqualTo(names);
            run(c, loss, n).forEach((name, value) -> {
                if (name.equals("loss")) {
                    assertThat(value.shape()).isEmpty();
                } else {
                    assertThat(value.shape()).as(name).containsExactly(n);
                }
            });
            assertShape(c, model.encode(), n, model.latentShape());
            assertShape(c, model.decode(), n, model.shape());
            assertShape(c, model.sample(), n, model.shape());
            assertShape(c, model.reconstruct(), n, model.shape());
            assertThat(model.reconstruct().outputNames()).containsExactly("seen", "reconstruction");
            for (DataInitialization initialization : model.dataInitializations()) {
                INDArray statistic = Functions.only(
                        initialization.statistic(), c.values(), inputs(c, initialization.statistic(), n));
                assertThat(statistic.columns()).isEqualTo(initialization.columns());
                assertThat(statistic.rows() % n).isZero();
            }
            if (model.hasLikelihood()) {
                run(c, model.logWeight(), n)
                        .forEach((name, value) -> assertThat(value.shape()).containsExactly(n));
            }
        }
    }

    private static void assertShape(Case c, ModelFunction function, int rows, EventShape shape) {
        assertThat(function.outputs())
                .allSatisfy(output -> assertThat(output).isEqualTo(new FunctionOutput.Events(output.name(), shape)));
        run(c, function, rows)
                .forEach((name, value) -> assertThat(value.shape()).as(name).containsExactly(rows, shape.size()));
    }

    @ParameterizedTest
    @MethodSource("models")
    void lossIsMinusTheMeanOfTheFirstMetricUnlessItSaysSoAndEveryRowStandsAlone(Case c) {
        ModelFunction loss = c.model().trainingLoss();
        Map<String, double[]> values = c.values();
        Map<String, INDArray> inputs = inputs(c, loss, 4);
        Map<String, INDArray> together = Functions.run(loss, values, inputs);
        double[] first = together.get(c.model().metrics().get(0).name()).toDoubleVector();
        double difference = together.get("loss").getDouble(0) + PlainMath.mean(first);
        assertThat(Math.abs(difference) > 1e-10)
                .as("the loss is another number")
                .isEqualTo(c.model().hasWeightedLoss());
        for (int n = 0; n < 4; n++) {
            int row = n;
            Map<String, INDArray> alone = new java.util.HashMap<>();
            inputs.forEach((name, array) ->
                    alone.put(name, Functions.array(new double[][] {BoundGraph.matrix(array)[row]}, DataType.DOUBLE)));
            Map<String, INDArray> single = Functions.run(loss, values, alone);
            for (Metric metric : c.model().metrics()) {
                assertThat(single.get(metric.name()).getDouble(0))
                        .as(metric.name())
                        .isCloseTo(together.get(metric.name()).getDouble(n), within(1e-10));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("modelsWhoseGradientIsTheLosss")
    void everyParameterHasTheGradientOfCentralDifferences(Case c) {
        Model model = c.model();
        List<String> names = Functions.names(model);
        for (int n : new int[] {1, 4}) {
            ModelFunction loss = model.trainingLoss();
            new BoundGraph(loss.graph(), c.values()).checkGradients("loss", names, inputs(c, loss, n), 1, 5);
        }
    }

    /** Float32 keeps about four digits of the sum over all pixels. */
    @ParameterizedTest
    @MethodSource("models")
    void float32AgreesWithFloat64(Case c) {
        Map<String, double[]> values = c.values();
        ModelFunction exact = c.model().trainingLoss();
        ModelFunction single = c.factory().apply(DataType.FLOAT).trainingLoss();
        Map<String, INDArray> expected = Functions.run(exact, values, inputs(c, exact, 4));
        Map<String, INDArray> actual =
                Functions.run(single, values, Functions.inputs(single, 4, c.levels(), DataType.FLOAT, 11));
        expected.forEach((name, value) -> {
            assertThat(actual.get(name).dataType()).isEqualTo(DataType.FLOAT);
            for (int n = 0; n < value.length(); n++) {
                double truth = value.getDouble(n);
                assertThat(actual.get(name).getDouble(n))
                        .as(name)
                        .isCloseTo(truth, within(1e-4 * (1 + Math.abs(truth))));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("modelsWithANormalPrior")
    void samplingIsDecodingThePriorsNoise(Case c) {
        Model model = c.model();
        Map<String, double[]> values = c.values();
        INDArray noise = Functions.array(PlainMath.normal(3, model.latentShape().size(), 1), DataType.DOUBLE);
        String prior = model.sample().inputs().get(0).name();
        if (!model.hasPixels() && model instanceof LatentVariableModel) {
            return; // draws rows from p(x|z), which GaussianVaeTest looks at
        }
        String latent = model.decode().inputs().get(0).name();
        Map<String, INDArray> given = new HashMap<>(Map.of(prior, noise, latent, noise));
        model.condition()
                .ifPresent(condition -> given.put(
                        condition.name(),
                        Functions.array(PlainMath.normal(3, condition.classes(), 2), DataType.DOUBLE)));
        double[][] sampled =
                BoundGraph.matrix(Functions.only(model.sample(), values, Functions.declared(model.sample(), given)));
        double[][] decoded =
                BoundGraph.matrix(Functions.only(model.decode(), values, Functions.declared(model.decode(), given)));
        assertThat(sampled).isDeepEqualTo(decoded);
        assertThat(sampled[0]).isNotEqualTo(sampled[1]);
    }

    @ParameterizedTest
    @MethodSource("models")
    void onlyALikelihoodHasWeights(Case c) {
        Model model = c.model();
        assertThat(model.hasLikelihood()).isEqualTo(!c.name().contains("unbinarised"));
        if (!model.hasLikelihood()) {
            assertThatThrownBy(model::logWeight)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("not a likelihood");
            assertThat(model.metrics())
                    .extracting(Metric::name)
                    .doesNotContain("elbo", "reconstruction", "log_likelihood");
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void graphsHoldTheLayoutsTensorsAndNoOthers(Case c) {
        Model model = c.model();
        ModelFunction loss = model.trainingLoss();
        List<String> variables = loss.graph().variables().stream()
                .filter(v -> v.getVariableType() == org.nd4j.autodiff.samediff.VariableType.VARIABLE)
                .map(v -> v.name())
                .toList();
        assertThat(variables).containsExactlyInAnyOrderElementsOf(Functions.names(model));
        model.buffers()
                .entries()
                .forEach(entry -> assertThat(
                                loss.graph().hasVariable(entry.parameter().name()))
                        .isTrue());
    }

    @ParameterizedTest
    @MethodSource("models")
    void eachParameterBelongsToOneBlock(Case c) {
        List<ModelPart> parts = c.model().parts();
        for (String name : Functions.names(c.model())) {
            assertThat(parts).filteredOn(part -> part.holds(name)).as(name).hasSize(1);
        }
    }

    /** Of the families of this test, whose log-scales add up to their log-determinants. */
    @ParameterizedTest
    @MethodSource("models")
    void reportsArePresentByNameAndWithinTheirBoundsAndLogScalesAddUpToTheLogDeterminant(Case c) {
        Model model = c.model();
        List<ModelPart> parts =
                model.parts().stream().filter(part -> !part.reports().isEmpty()).toList();
        assertThat(model.partReports().isPresent()).isEqualTo(!parts.isEmpty());
        if (parts.isEmpty()) {
            return;
        }
        ModelFunction function = model.partReports().orElseThrow();
        assertThat(model.trainingLoss().inputs()).containsAll(function.inputs());
        Map<String, INDArray> outputs = run(c, function, 4);
        List<String> names = new ArrayList<>();
        // Of a VAE with three samples there are three draws for each example.
        int rowsOf4 = c.name().contains("3 samples") ? 12 : 4;
        double[] sums = new double[rowsOf4];
        for (ModelPart part : parts) {
            for (PartReport report : part.reports()) {
                names.add(part.output(report));
                double bound = report.bound().orElse(Double.POSITIVE_INFINITY);
                double[][] rows = BoundGraph.matrix(outputs.get(part.output(report)));
                assertThat(rows).hasNumberOfRows(rowsOf4);
                for (int n = 0; n < rows.length; n++) {
                    for (double value : rows[n]) {
                        assertThat(Math.abs(value)).isStrictlyBetween(0.0, bound);
                        sums[n] += report.bound().isPresent() ? value : 0;
                    }
                }
            }
        }
        assertThat(function.outputNames()).isEqualTo(names);
        // Normalisations and mixing report nothing, but have a log-determinant; learned noise has another.
        if (model instanceof Flow && !c.name().contains("mixed") && !c.name().contains("noise")) {
            ModelFunction loss = model.trainingLoss();
            // The same noise: the function's inputs are drawn in the loss's order.
            assertThat(function.inputs()).isEqualTo(loss.inputs());
            Map<String, INDArray> terms = run(c, loss, 4);
            double[] logDets = new double[sums.length];
            model.metrics().stream()
                    .map(Metric::name)
                    .filter(name -> name.equals("couplings") || name.startsWith("scale"))
                    .forEach(name -> Arrays.setAll(
                            logDets, n -> logDets[n] + terms.get(name).getDouble(n)));
            assertThat(sums).containsExactly(logDets, within(1e-10));
        }
    }
}
