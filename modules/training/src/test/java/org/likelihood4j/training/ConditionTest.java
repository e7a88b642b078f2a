package org.likelihood4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.Splits;
import org.likelihood4j.inference.Conditions;
import org.likelihood4j.inference.Evaluator;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.latents.Interpolation;
import org.likelihood4j.inference.latents.LatentPath;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.Evaluation;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.training.checks.DataCheck;

/** Models that are told each example's class. */
class ConditionTest {
    private static final String LABEL = "model.condition=label";
    private static final ImageShape SHAPE = new ImageShape(1, 28, 28);

    @TempDir
    private Path runs;

    private RunDirectory train(String model, String... overrides) {
        String[] all = Arrays.copyOf(overrides, overrides.length + 1);
        all[overrides.length] = LABEL;
        return TinyRun.train(runs, TinyRun.config(model, all));
    }

    private static Evaluation evaluate(TrainedModel model, Examples set) {
        return new Evaluator(model, model.config().evaluation())
                .evaluate(new RunDirectory(Path.of("x")), "last", "test", set, ProgressListener.none());
    }

    private static double mean(Evaluation evaluation, String name) {
        return evaluation.quantities().stream()
                .filter(quantity -> quantity.name().equals(name))
                .findFirst()
                .orElseThrow()
                .mean();
    }

    /** The same images, all of one class. */
    private static Examples of(Examples set, int label) {
        byte[] pixels = new byte[set.size() * SHAPE.size()];
        for (int i = 0; i < set.size(); i++) {
            ((ImageSet) set).copyPixels(i, pixels, i * SHAPE.size());
        }
        int[] labels = new int[set.size()];
        Arrays.fill(labels, label);
        return new ImageSet(SHAPE, pixels, labels);
    }

    /** p(x) and p(y|x) from ten evaluations of p(x|y) by themselves. */
    @Test
    void theClassPosteriorIsBayesRule() {
        TrainedModel model =
                TinyRun.open(train(TinyRun.FLOW, "precision=float64", "training.optimizer.learningRate=0.01"), "last");
        Examples test = TinyRun.data(model.config()).test();
        double[][] logs = IntStream.range(0, 10)
                .mapToObj(y -> model.logWeights(of(test, y), "test"))
                .toArray(double[][]::new);
        double marginal = 0;
        double posterior = 0;
        double right = 0;
        for (int i = 0; i < test.size(); i++) {
            int row = i;
            double[] each =
                    IntStream.range(0, 10).mapToDouble(y -> logs[y][row]).toArray();
            double largest = Arrays.stream(each).max().orElseThrow();
            double sum = Arrays.stream(each).map(x -> Math.exp(x - largest)).sum();
            double log = largest + Math.log(sum / 10);
            marginal += log / test.size();
            posterior += (each[test.label(i)] - Math.log(10) - log) / test.size();
            right += each[test.label(i)] == largest ? 1.0 / test.size() : 0;
        }
        Evaluation evaluation = evaluate(model, test);
        assertThat(mean(evaluation, "log_marginal")).isCloseTo(marginal, within(1e-8 * Math.abs(marginal)));
        assertThat(mean(evaluation, "log_class_posterior")).isCloseTo(posterior, within(1e-6));
        assertThat(mean(evaluation, "accuracy")).isCloseTo(right, within(1e-12));
        assertThat(mean(evaluation, "bits_per_dim_marginal")).isCloseTo(-marginal / (784 * Math.log(2)), within(1e-8));
        // The class matters to the trained model.
        assertThat(logs[0][0]).isNotCloseTo(logs[1][0], within(1e-3));
    }

    @Test
    void theFlowOfLearnedNoiseIsToldTheClassToo() {
        RunConfig config = ConfigLoader.parse(
                "name: a\nmodel: {type: realnvp, dequantization: variational, condition: label, classes: 10}\n",
                "a.yaml",
                List.of());
        List<String> told = ModelBuilder.create(config, SHAPE).parameters().entries().stream()
                .map(entry -> entry.parameter().name())
                .filter(name -> name.startsWith("dequantization/") && name.contains("/class/"))
                .toList();
        assertThat(told).hasSize(4).contains("dequantization/coupling0/conditioner/class/weight");
    }

    @ParameterizedTest
    @ValueSource(strings = {TinyRun.VAE, TinyRun.FLOW})
    void theSameNoiseMakesAnotherImageOfAnotherClass(String kind) {
        RunDirectory run = train(kind, "training.optimizer.learningRate=0.01");
        TrainedModel model = TinyRun.open(run, "last");
        List<byte[]> threes = model.sample(Conditions.of(model.condition(), 3, 3, 3), 1, 7);
        List<byte[]> mixed = model.sample(Conditions.of(model.condition(), 3, 5, 3), 1, 7);
        assertThat(mixed.get(0)).isEqualTo(threes.get(0));
        assertThat(mixed.get(1)).isNotEqualTo(threes.get(1));
        assertThat(mixed.get(2)).isEqualTo(threes.get(2));
        List<byte[]> inTurn = model.sample(Conditions.of(model.condition(), 0, 1, 2, 3), 1, 7);
        assertThat(model.sample(12, 1, 7).get(3)).isEqualTo(inTurn.get(3));
        // Ends are the reconstructions, each of its own class.
        Examples test = TinyRun.data(model.config()).test();
        List<byte[]> line = Interpolation.of(model, test, "test", new int[] {0, 1}, 3, LatentPath.LINEAR)
                .images();
        List<byte[]> back = model.reconstruct(test, 2, "test").reconstructions();
        assertThat(line.get(0)).isEqualTo(back.get(0));
        assertThat(line.get(2)).isEqualTo(back.get(1));
        assertThat(mean(evaluate(model, test), "accuracy")).isBetween(0.0, 1.0);
        try (OpenedModel opened = OpenedModel.open(run.path(), "last")) {
            assertThat(opened.conditionClasses()).isEqualTo(10);
            assertThat(opened.sample(new int[] {3, 5}, 1, 7).shape()).containsExactly(2, 1, 28, 28);
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> opened.sample(new int[] {10}, 1, 7))
                    .withMessage("the model knows the classes 0 to 9, not 10");
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> opened.decode(opened.encode(test, opened.noise())))
                    .withMessageEndingWith("say it, decode(latents, labels)");
        }
    }

    @Test
    void aKilledTrainingGoesOnToTheBit() {
        RunConfig config = TinyRun.config(TinyRun.FLOW, LABEL);
        RunDirectory whole = TinyRun.train(runs, config);
        RunDirectory killed = TinyRun.killedAt(runs.resolve("k"), config, 13);
        TinyRun.resume(killed, List.of());
        assertThat(TinyRun.open(killed, "last").values().vectors()[0].flat())
                .isEqualTo(TinyRun.open(whole, "last").values().vectors()[0].flat());
    }

    @Test
    void dataWithoutLabelsOrOfMoreClassesAreRefused() {
        RunConfig config = TinyRun.config(TinyRun.VAE, LABEL);
        Splits data = TinyRun.data(config);
        Splits unlabelled = new Splits(data.train().withoutLabels(), data.validation(), data.test());
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> DataCheck.check(config, unlabelled))
                .withMessageContaining("model.condition: label needs data with labels, and these images have none");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> DataCheck.check(TinyRun.config(TinyRun.VAE, LABEL, "model.classes=7"), data))
                .withMessageContaining("model.classes: must be at least the data's 10, was 7");
        TrainedModel model = TinyRun.open(TinyRun.train(runs, config), "last");
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> evaluate(model, data.test().withoutLabels()))
                .withMessageContaining(
                        "is told each example's class (model.condition), but these images have no labels");
    }
}
