package org.likelihood4j.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.models.flow.Flow;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What every model must do. The tests of a kind of models extend it; a new model is a line in the list of one of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ModelContract {
    private static final int[] BATCHES = {1, 5};

    /** The models that are tested. */
    protected abstract Stream<ModelCase> models();

    private Stream<ModelCase> modelsWhoseGradientIsTheLosss() {
        return models().filter(c -> !c.name().endsWith("path"));
    }

    private Stream<ModelCase> modelsWithANormalPrior() {
        return models().filter(c -> !(c.model() instanceof LatentVariableModel vae) || vae.hasAnalyticKl());
    }

    @ParameterizedTest
    @MethodSource("models")
    void everyFunctionReturnsItsOutputsInTheDeclaredShapes(ModelCase c) {
        Model model = c.model();
        ModelFunction loss = model.trainingLoss();
        List<String> names = new ArrayList<>(List.of("loss"));
        model.metrics().forEach(metric -> names.add(metric.name()));
        if (names.containsAll(List.of(LatentVariableModel.KL_ANALYTIC, LatentVariableModel.KL_SAMPLED))) {
            names.add(LatentVariableModel.KL_SAMPLED_VARIANCE);
        }
        assertThat(loss.outputNames()).isEqualTo(names);
        for (int n : BATCHES) {
            c.run(loss, n).forEach((name, value) -> {
                if (name.equals("loss")) {
                    assertThat(value.shape()).isEmpty();
                } else {
                    assertThat(value.shape()).as(name).containsExactly(n);
                }
            });
        }
        assertShape(c, model.encode(), model.latentShape());
        assertShape(c, model.decode(), model.shape());
        assertShape(c, model.sample(), model.shape());
        ModelFunction reconstruct = model.reconstruct();
        assertShape(c, reconstruct, model.shape());
        assertThat(reconstruct.outputNames()).containsExactly("seen", "reconstruction");
        for (DataInitialization initialization : model.dataInitializations()) {
            for (int n : BATCHES) {
                INDArray statistic =
                        Functions.only(initialization.statistic(), c.values(), c.inputs(initialization.statistic(), n));
                assertThat(statistic.columns()).isEqualTo(initialization.columns());
                assertThat(statistic.rows() % n).isZero();
            }
        }
        if (model.hasLikelihood()) {
            ModelFunction weight = model.logWeight();
            for (int n : BATCHES) {
                c.run(weight, n)
                        .forEach((name, value) -> assertThat(value.shape()).containsExactly(n));
            }
        }
    }

    private static void assertShape(ModelCase c, ModelFunction function, EventShape shape) {
        assertThat(function.outputs())
                .allSatisfy(output -> assertThat(output).isEqualTo(new FunctionOutput.Events(output.name(), shape)));
        for (int n : BATCHES) {
            c.run(function, n)
                    .forEach((name, value) -> assertThat(value.shape()).as(name).containsExactly(n, shape.size()));
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void lossIsMinusTheMeanOfTheFirstMetricUnlessItSaysSoAndEveryRowStandsAlone(ModelCase c) {
        ModelFunction loss = c.model().trainingLoss();
        Map<String, double[]> values = c.values();
        Map<String, INDArray> inputs = c.inputs(loss, 4);
        Map<String, INDArray> together = Functions.run(loss, values, inputs);
        double[] first = together.get(c.model().metrics().get(0).name()).toDoubleVector();
        double difference = together.get("loss").getDouble(0) + PlainMath.mean(first);
        assertThat(Math.abs(difference) > 1e-10)
                .as("the loss is another number")
                .isEqualTo(c.model().hasWeightedLoss());
        double[] losses = new double[4];
        for (int n = 0; n < 4; n++) {
            int row = n;
            Map<String, INDArray> alone = new HashMap<>();
            inputs.forEach((name, array) ->
                    alone.put(name, Functions.array(new double[][] {BoundGraph.matrix(array)[row]}, DataType.DOUBLE)));
            Map<String, INDArray> single = Functions.run(loss, values, alone);
            losses[n] = single.get("loss").getDouble(0);
            for (Metric metric : c.model().metrics()) {
                assertThat(single.get(metric.name()).getDouble(0))
                        .as(metric.name())
                        .isCloseTo(together.get(metric.name()).getDouble(n), within(1e-10));
            }
        }
        // So that a batch may be computed in shards; floors under the batch's mean are the one loss that is none.
        if (!c.name().contains("free bits")) {
            assertThat(together.get("loss").getDouble(0)).isCloseTo(PlainMath.mean(losses), within(1e-10));
        }
    }

    /** Of all but those whose gradient is by definition not that of the loss's value. */
    @ParameterizedTest
    @MethodSource("modelsWhoseGradientIsTheLosss")
    void everyParameterHasTheGradientOfCentralDifferences(ModelCase c) {
        Model model = c.model();
        List<String> names = Functions.names(model);
        ModelFunction loss = model.trainingLoss();
        BoundGraph graph = new BoundGraph(loss.graph(), c.values());
        for (int n : new int[] {1, 4}) {
            graph.checkGradients("loss", names, c.inputs(loss, n), 1, 5);
        }
    }

    /** Float32 keeps about four digits of the sum over all pixels. */
    @ParameterizedTest
    @MethodSource("models")
    void float32AgreesWithFloat64(ModelCase c) {
        Map<String, double[]> values = c.values();
        ModelFunction exact = c.model().trainingLoss();
        ModelFunction single = c.factory().apply(DataType.FLOAT).trainingLoss();
        Map<String, INDArray> expected = Functions.run(exact, values, c.inputs(exact, 4));
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

    /** Of those whose latent is the noise itself, which there may be none of. */
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("modelsWithANormalPrior")
    void samplingIsDecodingThePriorsNoise(ModelCase c) {
        Model model = c.model();
        Map<String, double[]> values = c.values();
        INDArray noise = Functions.array(PlainMath.normal(3, model.latentShape().size(), 1), DataType.DOUBLE);
        String prior = named(model.sample(), FunctionInput.NoiseInput.class);
        if (!model.hasPixels() && model instanceof LatentVariableModel) {
            return; // draws rows from p(x|z), which GaussianVaeTest looks at
        }
        String latent = named(model.decode(), FunctionInput.Value.class);
        Map<String, INDArray> given = new HashMap<>(Map.of(prior, noise, latent, noise));
        model.condition()
                .ifPresent(condition -> given.put(
                        condition.name(),
                        Functions.array(PlainMath.normal(3, condition.classes(), 2), DataType.DOUBLE)));
        model.given()
                .ifPresent(told ->
                        given.put(told.name(), c.inputs(model.sample(), 3).get(told.name())));
        double[][] sampled =
                BoundGraph.matrix(Functions.only(model.sample(), values, Functions.declared(model.sample(), given)));
        double[][] decoded =
                BoundGraph.matrix(Functions.only(model.decode(), values, Functions.declared(model.decode(), given)));
        assertThat(sampled).isDeepEqualTo(decoded);
        assertThat(sampled[0]).isNotEqualTo(sampled[1]);
    }

    private static String named(ModelFunction function, Class<? extends FunctionInput> kind) {
        return function.inputs().stream()
                .filter(kind::isInstance)
                .map(FunctionInput::name)
                .findFirst()
                .orElseThrow();
    }

    /** A row that is made has what was given in its place, and nothing of it is made. */
    @ParameterizedTest
    @MethodSource("models")
    void whatIsGivenComesBackAsItIs(ModelCase c) {
        Model model = c.model();
        model.given().ifPresent(told -> {
            for (ModelFunction made : List.of(model.sample(), model.decode())) {
                assertGiven(c, made, told.name(), told.columns(), false);
            }
            for (ModelFunction seen : List.of(model.reconstruct())) {
                assertGiven(c, seen, named(seen, FunctionInput.Data.class), told.columns(), true);
            }
        });
    }

    private static void assertGiven(
            ModelCase c, ModelFunction function, String input, List<Integer> columns, boolean whole) {
        Map<String, INDArray> inputs = c.inputs(function, 4);
        double[][] given = BoundGraph.matrix(inputs.get(input));
        Functions.run(function, c.values(), inputs).forEach((name, rows) -> {
            double[][] made = BoundGraph.matrix(rows);
            for (int n = 0; n < made.length; n++) {
                for (int i = 0; i < columns.size(); i++) {
                    assertThat(made[n][columns.get(i)]).as(name).isEqualTo(given[n][whole ? columns.get(i) : i]);
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource("models")
    void onlyALikelihoodHasWeights(ModelCase c) {
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
    void graphsHoldTheLayoutsTensorsAndNoOthers(ModelCase c) {
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
    void eachParameterBelongsToOneBlock(ModelCase c) {
        List<ModelPart> parts = c.model().parts();
        for (String name : Functions.names(c.model())) {
            assertThat(parts).filteredOn(part -> part.holds(name)).as(name).hasSize(1);
        }
    }

    /** Of the families of this test, whose log-scales add up to their log-determinants. */
    @ParameterizedTest
    @MethodSource("models")
    void reportsArePresentByNameAndWithinTheirBoundsAndLogScalesAddUpToTheLogDeterminant(ModelCase c) {
        Model model = c.model();
        List<ModelPart> parts =
                model.parts().stream().filter(part -> !part.reports().isEmpty()).toList();
        assertThat(model.partReports().isPresent()).isEqualTo(!parts.isEmpty());
        if (parts.isEmpty()) {
            return;
        }
        ModelFunction function = model.partReports().orElseThrow();
        assertThat(model.trainingLoss().inputs()).containsAll(function.inputs());
        Map<String, INDArray> outputs = c.run(function, 4);
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
        // Normalisations and mixing report nothing, but have a log-determinant; learned noise has another; a spline's
        // slopes are
        // those at its knots. The loss of own draws has no terms of data.
        if (model instanceof Flow
                && model.learnsFromData()
                && !c.name().contains("mixed")
                && !c.name().contains("noise")
                && !c.name().contains("RationalQuadratic")) {
            ModelFunction loss = model.evaluationLoss();
            // The same noise: the function's inputs are drawn in the loss's order.
            assertThat(function.inputs()).isEqualTo(loss.inputs());
            Map<String, INDArray> terms = c.run(loss, 4);
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
