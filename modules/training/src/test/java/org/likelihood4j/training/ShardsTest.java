package org.likelihood4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.inference.runtime.DivergenceException;
import org.likelihood4j.io.safetensors.Safetensors;
import org.likelihood4j.io.safetensors.Tensor;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.training.events.TrainingListener;

/** A batch in shards is the same step as a whole batch, to the rounding of sums, in every way that a step can be taken. */
class ShardsTest {
    /** Relative; some thousand roundings of 1.1e-16, which add up as chance has it. */
    private static final double ROUNDING = 1e-12;

    private static final int STEPS = 39;

    /** So many steps of 16 rows, hardly disturbed. */
    private static final List<String> LONG = List.of(
            "precision=float64",
            "data={type: digits, train: 208, validation: 4, test: 4}",
            "training={epochs: 3, batchSize: 16, logEvery: 20, validateEvery: 3, imagesEvery: 1000, checkpointEvery: 3}");

    private static final String MOMENTUM =
            "training.optimizer={type: sgd, learningRate: 1e-4, momentum: 0.9, weightDecay: 1e-2}";

    @TempDir
    private Path runs;

    /** Losses and norms of all steps, and the tensors at the end. */
    private record Trained(List<Double> losses, List<Double> norms, Map<String, double[]> tensors)
            implements TrainingListener {
        Trained() {
            this(new ArrayList<>(), new ArrayList<>(), new LinkedHashMap<>());
        }

        @Override
        public void stepped(Step step) {
            losses.add(step.loss());
            norms.add(step.gradientNorm());
        }
    }

    private Trained train(String model, List<String> settings) throws IOException {
        Trained trained = new Trained();
        RunDirectory run = TinyRun.train(runs, TinyRun.config(model, settings.toArray(String[]::new)), trained);
        for (String file : List.of("weights.safetensors", "optimizer.safetensors")) {
            for (Tensor tensor : Safetensors.read(
                            TinyRun.checkpoint(run, "last").resolve(file))
                    .tensors()) {
                trained.tensors().put(tensor.name(), tensor.toDoubles());
            }
        }
        return trained;
    }

    private static Stream<Arguments> trainings() {
        return Stream.of(
                arguments(
                        TinyRun.VAE,
                        List.of(
                                "training.warmupSteps=10",
                                "training.clipNorm=20",
                                "training.emaDecay=0.9",
                                "training.schedule.type=cosine",
                                "loss.kl.warmup={type: linear, epochs: 2}"),
                        List.of(2, 8)),
                arguments(TinyRun.VAE, List.of("loss={importanceSamples: 3, kl: {estimator: path}}"), List.of(4)),
                arguments(TinyRun.FLOW, List.of("training.clipNorm=100", "training.emaDecay=0.99"), List.of(8)));
    }

    private static Stream<Arguments> moreTrainings() {
        return Stream.of(
                arguments(
                        TinyRun.VAE,
                        List.of(
                                MOMENTUM,
                                "loss.kl={estimator: path, samples: 2, beta: 0.5}",
                                "model.likelihood.binarization=static"),
                        List.of(8)),
                arguments(TinyRun.FLOW, List.of(MOMENTUM, "training.clipNorm=100"), List.of(2)));
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("moreTrainings")
    void theSameStepWithMomentum(String model, List<String> settings, List<Integer> shards) throws IOException {
        theSameStepInFloat64(model, settings, shards);
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void theSameStepInFloat64(String model, List<String> settings, List<Integer> shards) throws IOException {
        List<String> all = new ArrayList<>(LONG);
        all.addAll(settings);
        Trained whole = train(model, all);
        all.add("");
        for (int number : shards) {
            all.set(all.size() - 1, "training.shards=" + number);
            Trained sharded = train(model, all);
            assertThat(sharded.losses()).hasSize(STEPS);
            for (int step = 0; step < STEPS; step++) {
                requireClose(sharded.losses().get(step), whole.losses().get(step), "loss of step " + step);
                requireClose(sharded.norms().get(step), whole.norms().get(step), "norm of step " + step);
            }
            assertThat(sharded.tensors()).hasSameSizeAs(whole.tensors());
            whole.tensors()
                    .forEach((name, values) ->
                            CloseArrays.assertClose(sharded.tensors().get(name), values, ROUNDING, name));
        }
    }

    private static void requireClose(double number, double other, String what) {
        assertThat(number).as(what).isCloseTo(other, within(ROUNDING * Math.abs(other)));
    }

    /** In float32 sums in another order may send a rectifier the other way, but not at the first step. */
    @ParameterizedTest
    @ValueSource(strings = {TinyRun.VAE, TinyRun.FLOW})
    void nearlyTheSameStepInFloat32(String model) {
        Trained whole = new Trained();
        TinyRun.train(runs, TinyRun.config(model, "training={epochs: 1, batchSize: 40}"), whole);
        Trained sharded = new Trained();
        TinyRun.train(runs, TinyRun.config(model, "training={epochs: 1, batchSize: 40, shards: 8}"), sharded);
        double loss = whole.losses().get(0);
        assertThat(sharded.losses().get(0)).isCloseTo(loss, within(1e-6 * loss));
        double norm = whole.norms().get(0);
        assertThat(sharded.norms().get(0)).isCloseTo(norm, within(1e-5 * norm));
        assertThat(sharded.norms()).isNotEqualTo(whole.norms());
    }

    @ParameterizedTest
    @ValueSource(strings = {TinyRun.VAE, TinyRun.FLOW})
    void oneShardIsTheWholeBatchToTheBit(String model) throws IOException {
        String[] settings = {"training.clipNorm=20", "training.emaDecay=0.9"};
        RunDirectory whole = TinyRun.train(runs, TinyRun.config(model, settings));
        RunDirectory one = TinyRun.train(runs, TinyRun.config(model, settings[0], settings[1], "training.shards=1"));
        TinyRun.assertSame(one, whole);
        RunDirectory alone = TinyRun.train(
                runs,
                TinyRun.config(
                        model, settings[0], settings[1], "training.shards=1", "training.local={steps: 5, after: 0}"));
        TinyRun.assertSame(alone, whole);
    }

    @Test
    void resumesToTheSameBits() throws IOException {
        RunConfig config = TinyRun.config(
                TinyRun.VAE,
                "training.batchSize=40",
                "training.shards=8",
                "training.emaDecay=0.9",
                "training.checkpointEvery=3",
                "training.checkpointUnit=steps");
        RunDirectory whole = TinyRun.train(runs, config);
        RunDirectory killed = TinyRun.killedAt(runs, config, 8);
        TinyRun.resume(killed, List.of());
        TinyRun.assertSame(killed, whole);
    }

    /** Not the same bits from there on, but the same training: on one machine today, on several tomorrow. */
    @Test
    void shardsMayChangeWhereATrainingIsResumed() throws IOException {
        RunConfig config = TinyRun.config(TinyRun.FLOW, "precision=float64", "training.epochs=2");
        Trained whole = new Trained();
        TinyRun.train(runs, config, whole);
        RunDirectory killed = TinyRun.killedAt(runs, config, 14);
        Trained rest = new Trained();
        TinyRun.resume(killed, List.of("training.shards=4"), rest);
        assertThat(rest.losses()).hasSize(10);
        for (int i = 0; i < 10; i++) {
            requireClose(rest.losses().get(i), whole.losses().get(10 + i), "loss " + i);
        }
    }

    /** An absurd rate: the same step, quantity and blocks as of a batch that is whole. */
    @ParameterizedTest
    @ValueSource(strings = {TinyRun.VAE, TinyRun.FLOW})
    void divergesAsAWholeBatchDoes(String model) {
        List<Object> told = new ArrayList<>();
        for (String shards : new String[] {"training.shards=null", "training.shards=4"}) {
            RunDirectory run = RunDirectory.create(
                    runs,
                    TinyRun.config(
                            model,
                            "training.optimizer={type: sgd, learningRate: 1e30}",
                            "training.recovery={attempts: 1, factor: 0.5}",
                            shards));
            assertThat(catchThrowable(
                            () -> TinyRun.trainer(run, run.readConfig()).run()))
                    .isInstanceOf(DivergenceException.class)
                    .satisfies(e -> told.add(e.getMessage()));
            TinyRun.lines(run, "divergence")
                    .forEach(line -> told.add(line.get("step") + " " + line.get("quantity") + " " + line.get("epoch")));
            assertThat(TinyRun.lines(run, "rollback")).hasSize(1);
        }
        assertThat(told.subList(told.size() / 2, told.size())).isEqualTo(told.subList(0, told.size() / 2));
        assertThat(told).hasSize(6);
    }
}
