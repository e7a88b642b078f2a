package org.likelihood4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.engine.Computation;
import org.likelihood4j.engine.Engine;
import org.likelihood4j.engine.Engines;
import org.likelihood4j.engine.Optimizer;
import org.likelihood4j.engine.Slot;
import org.likelihood4j.engine.StepResult;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.engine.UpdateRule;
import org.likelihood4j.inference.runtime.InputArrays;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.models.Metric;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.bijectors.coupling.DerivedAffineFamily;
import org.likelihood4j.models.flow.Flow;
import org.likelihood4j.models.flow.HalfOrder;
import org.likelihood4j.models.flow.PixelData;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.Mlp;
import org.likelihood4j.models.vae.FactorizedPrior;
import org.likelihood4j.models.vae.FlowPrior;
import org.likelihood4j.models.vae.GaussianVae;
import org.likelihood4j.models.vae.MixturePrior;
import org.likelihood4j.models.vae.Objective;
import org.likelihood4j.models.vae.Prior;
import org.likelihood4j.models.vae.StandardNormalPrior;
import org.likelihood4j.models.vae.VaeOptions;
import org.likelihood4j.models.vae.likelihood.BernoulliPixels;
import org.likelihood4j.models.vae.likelihood.Binarization;
import org.likelihood4j.models.vae.likelihood.GaussianPixels;
import org.likelihood4j.models.vae.likelihood.Likelihood;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * At the edges of what inputs, noise and parameters may be, float32 values and gradients are finite on both engines, and the
 * values those of float64.
 */
@Tag("vectors")
class ExtremesTest {
    private static final int ROWS = 3;
    private static final int PIXELS = 6;
    private static final int LATENT = 2;

    /** Of values for each model: few by default, thousands by {@code -Dlikelihood4j.draws=...}. */
    private static final int DRAWS = Integer.getInteger("likelihood4j.draws", 8);

    private static final float BELOW_ONE = Math.nextDown(1f);

    /**
     * A model and where its values go.
     *
     * @param tensors random values of a parameter or buffer by name, biased towards extremes
     * @param known metrics that float32 inputs determine to four digits; of all others it is only required that they are finite
     */
    private record Case(String name, Function<DataType, Model> factory, Tensors tensors, Predicate<String> known) {
        @Override
        public String toString() {
            return name;
        }
    }

    @FunctionalInterface
    private interface Tensors {
        DoubleSupplier of(String name, Random random);
    }

    private static double pick(Random random, double... values) {
        return values[random.nextInt(values.length)];
    }

    private static double small(Random random) {
        return random.nextBoolean() ? 0 : 1e-3 * random.nextGaussian();
    }

    // ---- models
    // -------------------------------------------------------------------------------------------------------

    private static Stream<Case> vaes() {
        Prior normal = new StandardNormalPrior(LATENT);
        Objective sampled = new Objective(KlEstimator.SAMPLED, 1, false, 0);
        Likelihood bernoulli = new BernoulliPixels(Binarization.DYNAMIC);
        return Stream.of(
                vae("analytic", bernoulli, normal, Objective.elbo()),
                vae("unbinarised", new BernoulliPixels(Binarization.NONE), normal, Objective.elbo()),
                vae("sharpest Gaussian", new GaussianPixels(1e-6), normal, Objective.elbo()),
                vae("sampled", bernoulli, normal, sampled),
                vae("path", bernoulli, normal, new Objective(KlEstimator.PATH, 1, false, 0)),
                vae("5 samples", bernoulli, normal, new Objective(KlEstimator.SAMPLED, 5, false, 0)),
                vae("5 samples, path", bernoulli, normal, new Objective(KlEstimator.PATH, 5, false, 0)),
                vae("free bits", bernoulli, normal, new Objective(KlEstimator.ANALYTIC, 1, true, 0.5)),
                vae("mixture prior", bernoulli, new MixturePrior(LATENT, 3), sampled),
                vae(
                        "mixture prior, 5 samples",
                        bernoulli,
                        new MixturePrior(LATENT, 3),
                        new Objective(KlEstimator.PATH, 5, false, 0)),
                vae("flow prior", bernoulli, flowPrior(), sampled));
    }

    private static Prior flowPrior() {
        int couplings = 4;
        return new FlowPrior(
                LATENT,
                couplings,
                hidden(Activation.TANH, 3),
                new DerivedAffineFamily(FlowPrior.LARGEST_TOTAL_LOG_SCALE / couplings));
    }

    private static Case vae(String title, Likelihood likelihood, Prior prior, Objective objective) {
        Mlp.Hidden linear = hidden(Activation.IDENTITY);
        return new Case(
                "VAE, " + title,
                type -> new GaussianVae(new VaeOptions(
                        EventShape.row(PIXELS),
                        LATENT,
                        linear,
                        linear,
                        likelihood,
                        prior,
                        objective,
                        new VaeOptions.KlReport(true, 1),
                        type)),
                ExtremesTest::vaeTensor,
                // Where the posterior is sharper than float32's grid around its mean, z is another point.
                name -> !List.of("kl_sampled", "iwae").contains(name)
                        && (prior instanceof FactorizedPrior || name.equals("reconstruction")));
    }

    private static DoubleSupplier vaeTensor(String name, Random random) {
        if (name.equals("encoder/output/bias")) {
            // Means first, then log-variances.
            int[] index = {0};
            return () -> index[0]++ < LATENT
                    ? pick(random, 0, 1, -1, 1e4, -1e4, random.nextGaussian())
                    : pick(random, 0, 50, -50, 20, -30, 88, -104, 1e4, -1e4, random.nextGaussian());
        }
        if (name.equals("decoder/output/bias")) {
            return () -> pick(random, 0, 1, 17, -17, 88, -88, 104, -104, 1e4, -1e4, random.nextGaussian());
        }
        if (name.equals("prior/mean")) {
            return () -> pick(random, 0, 1e4, -1e6, random.nextGaussian());
        }
        if (name.equals("prior/logVariance")) {
            return () -> pick(random, 0, 50, -50, 1e4, -1e4, random.nextGaussian());
        }
        if (name.equals("prior/logits")) {
            return () -> pick(random, 0, 100, 1e4, -1e4);
        }
        return couplingTensor(name, random);
    }

    private static DoubleSupplier couplingTensor(String name, Random random) {
        if (name.endsWith("conditioner/output/bias") || name.endsWith("/scale")) {
            return () -> pick(random, 0, 1, 30, -30, 100, 100, 100, -100, 1e4, -1e4);
        }
        return () -> small(random);
    }

    private static Stream<Case> flows() {
        return Stream.of(
                flow(0.05, 0.5),
                flow(1e-6, 1e-3),
                flow(PixelData.SMALLEST_ALPHA, 0.5),
                flow(PixelData.SMALLEST_ALPHA, PixelData.SMALLEST_STANDARDIZATION_FLOOR));
    }

    /** Its log-scales may be as large as is allowed at all. */
    private static Case flow(double alpha, double floor) {
        int couplings = 4;
        // Just below, which rounding must not pass.
        PixelData data = new PixelData(EventShape.image(2, 3, 1), 256, HalfOrder.CHECKERBOARD, alpha, floor);
        double bound = 0.999999 * Flow.largestTotalLogScale(data) / couplings;
        return new Case(
                "RealNVP, alpha " + alpha + ", floor " + floor,
                type -> new Flow(new Flow.Options(
                        data, couplings, hidden(Activation.RELU, 3), new DerivedAffineFamily(bound), type)),
                (name, random) -> flowTensor(name, random, alpha, floor),
                // A logit of -13.8 is known to 1e-6 only, which a small floor makes the size of 1.
                name -> floor >= 0.5);
    }

    private static DoubleSupplier flowTensor(String name, Random random, double alpha, double floor) {
        if (name.equals("standardization/shift")) {
            return () -> pick(random, Math.log(alpha), -Math.log(alpha), 0, random.nextGaussian());
        }
        if (name.equals("standardization/logScale")) {
            return () -> pick(random, Math.log(floor), 0, 1);
        }
        return couplingTensor(name, random);
    }

    private static Stream<Case> models() {
        return Stream.concat(vaes(), flows());
    }

    private static Mlp.Hidden hidden(Activation activation, Integer... widths) {
        return new Mlp.Hidden(List.of(widths), activation);
    }

    // ---- running
    // ------------------------------------------------------------------------------------------------------

    /** A model on one engine in one precision, with values of the test's choosing. */
    private static final class Subject implements AutoCloseable {
        final Model model;
        final ModelFunction loss;
        private final ModelValues values;
        private final TrainingProgram program;

        Subject(Case c, DataType type, Engine engine) {
            model = c.factory().apply(type);
            loss = model.trainingLoss();
            values = ModelValues.initial(model, type, 5);
            program = engine.compileTraining(
                    new Computation(loss.graph(), InputArrays.declare(loss.inputs(), type, ROWS), loss.outputNames()),
                    values.parameters(),
                    new UpdateRule(Optimizer.Adam.standard(), OptionalDouble.empty(), OptionalDouble.empty()),
                    values.constants());
        }

        StepResult at(Map<String, double[]> tensors, Map<String, double[]> inputs) {
            tensors.forEach(values::set);
            List<INDArray> arrays = loss.inputs().stream()
                    .map(input -> Nd4j.createFromArray(inputs.get(input.name()))
                            .castTo(values.type())
                            .reshape(ROWS, input.size()))
                    .toList();
            return program.evaluate(arrays);
        }

        void assertFiniteGradient(String when) {
            for (Slot slot : program.gradient().slots()) {
                INDArray view = program.gradient().view(slot.name());
                for (double value : view.castTo(DataType.DOUBLE)
                        .dup('c')
                        .reshape(view.length())
                        .toDoubleVector()) {
                    assertThat(value)
                            .as("gradient of %s, %s", slot.name(), when)
                            .isFinite();
                }
            }
        }

        Map<String, double[]> tensors(Case c, Random random) {
            Map<String, double[]> tensors = new LinkedHashMap<>();
            Stream.of(model.parameters(), model.buffers())
                    .flatMap(layout -> layout.entries().stream())
                    .map(entry -> entry.parameter())
                    .forEach(parameter -> {
                        DoubleSupplier supplier = c.tensors().of(parameter.name(), random);
                        double[] tensor = new double[Math.toIntExact(parameter.length())];
                        // In float32's grid, so that both precisions see the same numbers.
                        Arrays.setAll(tensor, i -> (float) supplier.getAsDouble());
                        tensors.put(parameter.name(), tensor);
                    });
            return tensors;
        }

        Map<String, double[]> inputs(Random random) {
            Map<String, double[]> inputs = new LinkedHashMap<>();
            for (FunctionInput input : loss.inputs()) {
                double[] values = new double[ROWS * input.size()];
                Arrays.setAll(values, i -> draw(input, random));
                inputs.put(input.name(), values);
            }
            return inputs;
        }

        private static double draw(FunctionInput input, Random random) {
            if (input instanceof FunctionInput.Data) {
                return pick(random, 0, 255, random.nextInt(256));
            }
            if (input instanceof FunctionInput.Weight) {
                return 0.5;
            }
            boolean uniform = input instanceof FunctionInput.NoiseInput noise && noise.distribution() == Noise.UNIFORM;
            return uniform
                    ? pick(random, 0, BELOW_ONE, random.nextFloat())
                    : pick(random, 0, 6, -6, (float) random.nextGaussian());
        }

        @Override
        public void close() {
            program.close();
        }
    }

    /** Dequantised pixels as float32 sees them: pixel + u is rounded. */
    private static Map<String, double[]> rounded(Map<String, double[]> inputs) {
        if (!inputs.containsKey("dequantization_noise")) {
            return inputs;
        }
        double[] pixels = inputs.get("pixels").clone();
        double[] noise = inputs.get("dequantization_noise");
        Arrays.setAll(pixels, i -> (float) pixels[i] + (float) noise[i]);
        return Map.of("pixels", pixels, "dequantization_noise", new double[noise.length]);
    }

    @ParameterizedTest
    @MethodSource("models")
    void valuesAndGradientsAreFiniteAndTheValuesRight(Case c) {
        try (Subject exact = new Subject(c, DataType.DOUBLE, Engines.reference());
                Subject reference = new Subject(c, DataType.FLOAT, Engines.reference());
                Subject compiled = new Subject(c, DataType.FLOAT, Engines.best())) {
            for (int seed = 0; seed < DRAWS; seed++) {
                Random random = new Random(seed);
                Map<String, double[]> tensors = exact.tensors(c, random);
                Map<String, double[]> inputs = exact.inputs(random);
                StepResult expected = exact.at(tensors, rounded(inputs));
                for (Subject subject : List.of(reference, compiled)) {
                    String when = "seed " + seed + (subject == compiled ? ", compiled" : ", reference");
                    StepResult actual = subject.at(tensors, inputs);
                    assertThat(actual.loss()).as("loss, %s", when).isFinite();
                    assertThat(actual.gradientNorm()).as("norm, %s", when).isFinite();
                    subject.assertFiniteGradient(when);
                    assertClose(c, exact.model.metrics(), actual, expected, when);
                }
            }
        }
    }

    /** Metrics are sums of terms of very different sizes: each is right but for float32's share of the row's largest. */
    private static void assertClose(Case c, List<Metric> metrics, StepResult actual, StepResult expected, String when) {
        for (int n = 0; n < ROWS; n++) {
            double largest = 1;
            for (double[] values : expected.metrics()) {
                largest = Math.max(largest, Math.abs(values[n]));
            }
            for (int i = 0; i < metrics.size(); i++) {
                String name = metrics.get(i).name();
                double value = actual.metrics().get(i)[n];
                assertThat(value).as("%s, %s", name, when).isFinite();
                if (c.known().test(name)) {
                    assertThat(value)
                            .as("%s, %s", name, when)
                            .isCloseTo(expected.metrics().get(i)[n], within(1e-4 * largest));
                }
            }
        }
    }

    /** Where the weights are 0 the encoder's and the decoder's biases are the posterior and the logits. */
    @Test
    void bernoulliAndAnalyticKlAreThoseOfPlainArithmetic() {
        Case c = vaes().findFirst().orElseThrow();
        for (Engine engine : List.of(Engines.reference(), Engines.best())) {
            try (Subject subject = new Subject(c, DataType.FLOAT, engine)) {
                List<String> names =
                        subject.model.metrics().stream().map(Metric::name).toList();
                for (int seed = 0; seed < DRAWS; seed++) {
                    Random random = new Random(seed);
                    Map<String, double[]> tensors = subject.tensors(c, random);
                    Map<String, double[]> inputs = subject.inputs(random);
                    Arrays.fill(tensors.get("encoder/output/weight"), 0);
                    Arrays.fill(tensors.get("decoder/output/weight"), 0);
                    List<double[]> metrics = subject.at(tensors, inputs).metrics();
                    double kl = analyticKl(tensors.get("encoder/output/bias"));
                    for (int n = 0; n < ROWS; n++) {
                        assertThat(metrics.get(names.indexOf("kl_analytic"))[n])
                                .as("KL, seed %s", seed)
                                .isCloseTo(kl, within(1e-6 * (1 + kl)));
                        double[] logits = tensors.get("decoder/output/bias");
                        double logLikelihood = bernoulli(logits, inputs, n);
                        double size = Arrays.stream(logits).map(Math::abs).sum();
                        assertThat(metrics.get(names.indexOf("reconstruction"))[n])
                                .as("log-likelihood, seed %s", seed)
                                .isCloseTo(logLikelihood, within(1e-6 * (1 + size)));
                    }
                }
            }
        }
    }

    private static double analyticKl(double[] posterior) {
        double kl = 0;
        for (int j = 0; j < LATENT; j++) {
            double mean = posterior[j];
            double logVariance = Math.min(Math.max(posterior[LATENT + j], -30), 20);
            kl += 0.5 * (Math.exp(logVariance) + mean * mean - logVariance - 1);
        }
        return kl;
    }

    /** Row n's {@code sum of x l - log(1 + exp(l))}, with x = 1 where u < pixel/255. */
    private static double bernoulli(double[] logits, Map<String, double[]> inputs, int n) {
        double sum = 0;
        for (int i = 0; i < PIXELS; i++) {
            boolean on = (float) inputs.get("binarization")[n * PIXELS + i] * 255f
                    < (float) inputs.get("pixels")[n * PIXELS + i];
            sum += (on ? logits[i] : 0) - Math.max(logits[i], 0) - Math.log1p(Math.exp(-Math.abs(logits[i])));
        }
        return sum;
    }
}
