package org.likelihood4j.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.config.EvaluationConfig;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.inference.arrays.ArrayExamples;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.io.RunException;
import org.likelihood4j.models.ExactDensityModel;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.runs.Evaluation;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.training.TinyRun;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class OpenedModelTest {
    @TempDir
    private static Path runs;

    private static final Map<RunConfig, RunDirectory> TRAINED = new ConcurrentHashMap<>();

    private static RunDirectory run(String model, String... overrides) {
        return TRAINED.computeIfAbsent(TinyRun.config(model, overrides), config -> TinyRun.train(runs, config));
    }

    private static OpenedModel open(String model, String... overrides) {
        return OpenedModel.open(run(model, overrides).path(), "last");
    }

    private static OpenedFlow flow(String... overrides) {
        return (OpenedFlow) open(TinyRun.FLOW, overrides);
    }

    private static OpenedVae vae() {
        return (OpenedVae) open(TinyRun.VAE);
    }

    private static Examples test(OpenedModel model) {
        return TinyRun.data(model.config()).test();
    }

    /** The 30 test images as integers. */
    private static INDArray pixels(OpenedModel model) {
        Examples set = test(model);
        return ArrayOfDigits.pixels(set, set.size());
    }

    private static double[] doubles(INDArray array) {
        return array.dup('c').reshape(array.length()).toDoubleVector();
    }

    private static Evaluation evaluation(OpenedModel model, RunDirectory run, int k, int repeats) {
        return new Evaluator(TinyRun.open(run, "last"), new EvaluationConfig(k, repeats, 7, 1L))
                .evaluate(run, "last", "test", test(model), ProgressListener.none());
    }

    /** To build a graph takes far longer than to run a small program. */
    @Test
    void aSecondCallBuildsNoGraph() {
        TrainedModel trained = TinyRun.open(run(TinyRun.FLOW), "last");
        AtomicInteger built = new AtomicInteger();
        ExactDensityModel counted = (ExactDensityModel) Proxy.newProxyInstance(
                ExactDensityModel.class.getClassLoader(),
                new Class<?>[] {ExactDensityModel.class},
                (proxy, method, args) -> {
                    if (method.getReturnType() == ModelFunction.class) {
                        built.incrementAndGet();
                    }
                    return method.invoke(trained.values().model(), args);
                });
        ModelValues values = trained.values();
        try (OpenedModel opened = OpenedModel.of(new TrainedModel(
                trained.config(),
                trained.shape(),
                new ModelValues(counted, values.type(), values.parameters(), values.buffers())))) {
            OpenedFlow flow = (OpenedFlow) opened;
            flow.logProb(pixels(flow));
            flow.encode(pixels(flow));
            flow.sample(3, 1, 1);
            int before = built.get();
            assertThat(before).isPositive();
            flow.logProb(pixels(flow));
            flow.logProb(pixels(flow), 2);
            flow.encode(pixels(flow));
            flow.sample(3, 1, 1);
            assertThat(built).hasValue(before);
        }
    }

    @Test
    void aFlowsLogProbIsTheEvaluators() {
        try (OpenedFlow flow = flow()) {
            double[] logProb = doubles(flow.logProb(pixels(flow)));
            assertThat(logProb).hasSize(30);
            double[] expected = TinyRun.open(run(TinyRun.FLOW), "last").logWeights(test(flow), "test");
            assertThat(logProb).containsExactly(expected, within(1e-2));
            Evaluation evaluation = evaluation(flow, run(TinyRun.FLOW), 3, 1);
            double mean = Arrays.stream(logProb).average().orElseThrow();
            assertThat(mean).isCloseTo(evaluation.quantity("log_likelihood").mean(), within(1e-3));
            assertThat(-mean * flow.bitsPerDimension().orElseThrow())
                    .isCloseTo(evaluation.quantity("bits_per_dim").mean(), within(1e-5));
            // Intensities are the same data as their pixels.
            INDArray intensities = pixels(flow).castTo(DataType.FLOAT).div(255);
            assertThat(doubles(flow.logProb(intensities))).containsExactly(logProb);
            ImportanceEstimate three = flow.logProb(pixels(flow), 3);
            assertThat(three.logProb().meanNumber().doubleValue())
                    .isCloseTo(-evaluation.quantity("nll").mean(), within(1e-3));
        }
    }

    @Test
    void aVaesEstimatesAreTheEvaluators() {
        try (OpenedVae vae = vae()) {
            Evaluation evaluation = evaluation(vae, run(TinyRun.VAE), 5, 1);
            Estimate one = vae.elbo(pixels(vae), 1);
            assertThat(one.value().meanNumber().doubleValue())
                    .isCloseTo(evaluation.quantity("elbo").mean(), within(1e-4));
            assertThat(doubles(one.standardError())).containsOnly(Double.NaN);
            Evaluation repeated = evaluation(vae, run(TinyRun.VAE), 1, 6);
            assertThat(vae.elbo(pixels(vae), 6).value().meanNumber().doubleValue())
                    .isCloseTo(repeated.quantity("elbo").mean(), within(1e-4));
            ImportanceEstimate weighted = vae.logProb(pixels(vae), 5);
            assertThat(weighted.logProb().meanNumber().doubleValue())
                    .isCloseTo(-evaluation.quantity("nll").mean(), within(1e-4));
        }
    }

    @Test
    void standardErrorsAreThoseOfTheirDraws() {
        try (OpenedVae vae = vae()) {
            INDArray data = pixels(vae);
            int draws = 7;
            double[][] elbos = new double[draws][];
            double[][] weights = new double[draws][];
            for (int i = 0; i < draws; i++) {
                elbos[i] = doubles(vae.elbo(data, 1, vae.noise().fromDraw(i)).value());
                weights[i] =
                        doubles(vae.logProb(data, 1, vae.noise().fromDraw(i)).logProb());
            }
            Estimate elbo = vae.elbo(data, draws);
            ImportanceEstimate logProb = vae.logProb(data, draws);
            for (int image = 0; image < 30; image++) {
                int at = image;
                double[] bound =
                        Arrays.stream(elbos).mapToDouble(draw -> draw[at]).toArray();
                assertThat(elbo.value().getDouble(image)).isCloseTo(mean(bound), within(1e-9));
                assertThat(elbo.standardError().getDouble(image))
                        .isCloseTo(deviation(bound) / Math.sqrt(draws), within(1e-9));
                // Around one of them, so that exp stays in range.
                double centre = weights[0][at];
                double[] w = Arrays.stream(weights)
                        .mapToDouble(draw -> Math.exp(draw[at] - centre))
                        .toArray();
                assertThat(logProb.logProb().getDouble(image)).isCloseTo(centre + Math.log(mean(w)), within(1e-9));
                assertThat(logProb.standardError().getDouble(image))
                        .isCloseTo(deviation(w) / mean(w) / Math.sqrt(draws), within(1e-9));
                double squares = Arrays.stream(w).map(x -> x * x).sum();
                assertThat(logProb.effectiveDraws().getDouble(image))
                        .isCloseTo(Math.pow(mean(w) * draws, 2) / squares, within(1e-9));
                double[] logs =
                        Arrays.stream(weights).mapToDouble(draw -> draw[at]).toArray();
                assertThat(logProb.bound().value().getDouble(image)).isCloseTo(mean(logs), within(1e-9));
                assertThat(logProb.bound().standardError().getDouble(image))
                        .isCloseTo(deviation(logs) / Math.sqrt(draws), within(1e-9));
                assertThat(logProb.fewDraws().getInt(image) == 1)
                        .isEqualTo(logProb.effectiveDraws().getDouble(image) < 2);
            }
        }
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    /** The sample standard deviation. */
    private static double deviation(double[] values) {
        double mean = mean(values);
        return Math.sqrt(Arrays.stream(values).map(x -> (x - mean) * (x - mean)).sum() / (values.length - 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"VAE", "FLOW"})
    void samplesAreThoseOfTheProgram(String name) {
        String config = name.equals("VAE") ? TinyRun.VAE : TinyRun.FLOW;
        try (OpenedModel model = open(config)) {
            INDArray samples = model.sample(70, 0.8, 3);
            assertThat(samples.shape()).containsExactly(70, 1, 28, 28);
            INDArray pixels = ArrayExamples.pixels(samples);
            List<byte[]> expected = TinyRun.open(run(config), "last").sample(70, 0.8, 3);
            Examples set = ArrayExamples.of(pixels, new ImageShape(1, 28, 28));
            for (int i = 0; i < 70; i++) {
                for (int j = 0; j < 784; j++) {
                    assertThat((int) set.values(i)[j]).isEqualTo(expected.get(i)[j] & 0xff);
                }
            }
        }
    }

    @Test
    void aFlowDecodesWhatItEncodes() {
        try (OpenedFlow flow = flow("precision=float64")) {
            INDArray data = pixels(flow);
            INDArray latents = flow.encode(data);
            assertThat(latents.shape()).containsExactly(30, 784);
            assertThat(latents.dataType()).isEqualTo(DataType.DOUBLE);
            INDArray back = flow.decode(latents);
            assertThat(back.shape()).containsExactly(30, 1, 28, 28);
            assertThat(ArrayExamples.pixels(back)).isEqualTo(data);
            // The latents are those of the pixels with their noise, which other noise changes and the same does not.
            assertThat(flow.encode(data)).isEqualTo(latents);
            assertThat(flow.encode(data, flow.noise().withSeed(2))).isNotEqualTo(latents);
            Reconstructions both = flow.reconstruct(data);
            assertThat(both.seen().equalsWithEps(both.reconstructed(), 1e-9)).isTrue();
            assertThat(both.seen().equalsWithEps(back, 1e-9)).isTrue();
        }
    }

    @Test
    void aVaeReconstructsByItsMeans() {
        try (OpenedVae vae = vae()) {
            INDArray data = pixels(vae);
            INDArray latents = vae.encode(data);
            assertThat(latents.shape()).containsExactly(30, 4);
            Reconstructions both = vae.reconstruct(data);
            assertThat(vae.decode(latents).equalsWithEps(both.reconstructed(), 1e-5))
                    .isTrue();
            // Binarised.
            assertThat(doubles(both.seen())).containsOnly(0, 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"VAE", "FLOW"})
    void aSetGivenInPartsGetsTheSameResults(String name) {
        try (OpenedModel model = open(name.equals("VAE") ? TinyRun.VAE : TinyRun.FLOW, "precision=float64")) {
            INDArray data = pixels(model);
            double[] whole = logProb(model, data, model.noise());
            double[] latents = doubles(model.encode(data));
            int width = model.latentDimension();
            for (int from = 0; from < 30; from += 11) {
                int to = Math.min(30, from + 11);
                INDArray part = data.get(NDArrayIndex.interval(from, to));
                NoiseSource noise = model.noise().startingAt(from);
                assertThat(logProb(model, part, noise))
                        .containsExactly(Arrays.copyOfRange(whole, from, to), within(1e-9));
                assertThat(doubles(model.encode(part, noise)))
                        .containsExactly(Arrays.copyOfRange(latents, from * width, to * width), within(1e-9));
            }
            // Without its place, a part has the noise of the set's beginning.
            INDArray last = data.get(NDArrayIndex.interval(20, 30));
            assertThat(logProb(model, last, model.noise())).isNotEqualTo(Arrays.copyOfRange(whole, 20, 30));
        }
    }

    private static double[] logProb(OpenedModel model, INDArray data, NoiseSource noise) {
        return model instanceof OpenedFlow flow
                ? doubles(flow.logProb(data, noise))
                : doubles(((OpenedVae) model).logProb(data, 3, noise).logProb());
    }

    @Test
    void weightsAreCopies() {
        try (OpenedVae vae = vae()) {
            assertThat(vae.weightNames()).contains("encoder/layer0/weight", "decoder/output/bias");
            INDArray latents = vae.encode(pixels(vae));
            INDArray weight = vae.weight("encoder/layer0/weight");
            assertThat(weight.shape()).containsExactly(784, 16);
            weight.assign(0);
            assertThat(vae.encode(pixels(vae))).isEqualTo(latents);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> vae.weight("encoder"))
                    .withMessageStartingWith("no tensor 'encoder'; there are encoder/layer0/weight, ");
        }
        try (OpenedFlow flow = flow()) {
            assertThat(flow.weight("standardization/shift").shape()).containsExactly(784);
        }
    }

    @Test
    void anUnbinarisedVaeHasNoLikelihoodToAskFor() {
        try (OpenedModel model = open(TinyRun.VAE, "model.likelihood.binarization=none")) {
            assertThat(model).isInstanceOf(OpenedAutoencoder.class);
            assertThat(model.decode(model.encode(pixels(model))).shape()).containsExactly(30, 1, 28, 28);
        }
    }

    @Test
    void mistakesGetOneLine() {
        try (OpenedVae vae = vae()) {
            INDArray data = pixels(vae);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> vae.logProb(data, 0))
                    .withMessage("draws must be at least 1, were 0");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> vae.elbo(data, -3))
                    .withMessage("draws must be at least 1, were -3");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> vae.sample(0, 1, 1))
                    .withMessage("count must be at least 1, was 0");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> vae.sample(1, Double.NaN, 1))
                    .withMessageContaining("temperature must be finite and at least 0");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> vae.decode(Nd4j.zeros(3, 5)))
                    .withMessage("latents must be floating-point [N, 4], were FLOAT [3, 5]");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> vae.decode(Nd4j.zeros(DataType.INT32, 3, 4)))
                    .withMessageContaining("were INT [3, 4]");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> vae.noise().startingAt(-1))
                    .withMessageContaining("at least 0");
            assertThatExceptionOfType(DataException.class)
                    .isThrownBy(() -> vae.encode(Nd4j.zeros(3, 100)))
                    .withMessage("array: its shape is [3, 100], expected [N, 1, 28, 28] or [N, 784]");
            assertThatExceptionOfType(DataException.class)
                    .isThrownBy(() -> vae.elbo(Nd4j.zeros(1, 784).putScalar(0, 3, Double.NaN), 1))
                    .withMessageContaining("image 0 has the value NaN at position 3");
            Examples rows = ArrayExamples.of(Nd4j.zeros(2, 3), VectorShape.numbered(3));
            assertThatExceptionOfType(RunException.class)
                    .isThrownBy(() -> vae.logProb(rows, 2, vae.noise()))
                    .withMessage("the data are rows of 3 columns, but the run 'tiny' was trained on images of 1x28x28");
        }
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> OpenedModel.open(runs))
                .withMessageContaining("not a run directory, it has no config.yaml");
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> OpenedModel.open(runs.resolve("none")))
                .withMessageContaining("no such run directory");
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> OpenedModel.open(run(TinyRun.VAE).path(), "epoch-9999"))
                .withMessageContaining("epoch-9999");
    }

    @Test
    void aClosedModelSaysSo() {
        OpenedVae vae = vae();
        INDArray data = pixels(vae);
        vae.encode(data);
        vae.close();
        vae.close();
        for (Runnable call : List.<Runnable>of(
                () -> vae.encode(data),
                () -> vae.sample(1, 1, 1),
                () -> vae.decode(Nd4j.zeros(1, 4)),
                () -> vae.logProb(data, 1),
                () -> vae.elbo(data, 1),
                () -> vae.reconstruct(data))) {
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(call::run)
                    .withMessage("the model of run 'tiny' was closed; open it again");
        }
    }
}
