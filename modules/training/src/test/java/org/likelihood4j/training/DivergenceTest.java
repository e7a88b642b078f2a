package org.likelihood4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.inference.runtime.DivergenceException;
import org.likelihood4j.runs.CheckpointFolder;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.RunState;
import org.likelihood4j.training.events.TrainingListener;

/** Numbers that are not finite end a training at once, by name; what was saved before stays. */
class DivergenceTest {
    @TempDir
    private Path runs;

    private static String divergence(Trainer trainer) {
        DivergenceException[] caught = new DivergenceException[1];
        assertThatExceptionOfType(DivergenceException.class)
                .isThrownBy(trainer::run)
                .satisfies(e -> caught[0] = e);
        return caught[0].getMessage();
    }

    @ParameterizedTest
    @ValueSource(strings = {TinyRun.VAE, TinyRun.FLOW})
    void anAbsurdLearningRate(String model) {
        RunConfig config =
                TinyRun.config(model, "training.optimizer={type: sgd, learningRate: 1e30}", "training.clipNorm=null");
        RunDirectory run = RunDirectory.create(runs, config);
        // The first step is computed before the weights are thrown away, the second one with them.
        String first = model.equals(TinyRun.VAE) ? "elbo" : "log_likelihood";
        assertThat(divergence(TinyRun.trainer(run, config)))
                .startsWith("training diverged at step 2 (epoch 1): " + first + " is not finite")
                .contains("training.optimizer.learningRate", "training.clipNorm")
                .doesNotContain("\n");
        assertThat(TinyRun.lines(run, "divergence")).singleElement().satisfies(event -> {
            assertThat(event.get("step").intValue()).isEqualTo(2);
            assertThat(event.get("epoch").intValue()).isEqualTo(1);
            assertThat(event.get("quantity").stringValue()).isEqualTo(first);
            assertThat(event.get("blocks"))
                    .hasSize(2)
                    .anySatisfy(block ->
                            assertThat(block.get("gradient_norm").stringValue()).isEqualTo("NaN"));
        });
    }

    @Test
    void weightsThatGrowUntilTheyBreakLeaveTheLastCheckpoint() throws IOException {
        // A decay of three times the weight doubles it at every step and flips its sign; gradients hardly matter.
        RunConfig config = TinyRun.config(
                TinyRun.VAE,
                "data.train=20",
                "training={epochs: 100, batchSize: 20, logEvery: 1, validateEvery: 1000, imagesEvery: 1000}",
                "training.optimizer={type: sgd, learningRate: 1e-30, weightDecay: 3e30}");
        RunDirectory run = RunDirectory.create(runs, config);
        String message = divergence(TinyRun.trainer(run, config));
        // One step an epoch: the broken step is not among the metrics, and every epoch before it was saved.
        int good = TinyRun.lines(run, "epoch").size();
        assertThat(good).isBetween(2, 50);
        assertThat(message)
                .startsWith("training diverged at step " + (good + 1) + " (epoch " + (good + 1) + "): loss ");
        assertThat(TinyRun.lines(run, "step")).hasSize(good);
        assertThat(TinyRun.lines(run, "end")).singleElement().satisfies(end -> {
            assertThat(end.get("reason").stringValue()).isEqualTo("diverged");
            assertThat(end.get("step").intValue()).isEqualTo(good);
        });
        assertThat(TinyRun.checkpointFiles(run))
                .containsExactly("best", RunDirectory.epochName(good - 1), RunDirectory.epochName(good), "last");
        for (double value :
                TinyRun.open(run, "last").values().parameters().flat().toDoubleVector()) {
            assertThat(value).isFinite();
        }
    }

    @Test
    void validationIsWatchedToo() {
        RunConfig config =
                TinyRun.config(TinyRun.FLOW, "data.train=20", "training.optimizer={type: sgd, learningRate: 1e30}");
        RunDirectory run = RunDirectory.create(runs, config);
        assertThat(divergence(TinyRun.trainer(run, config)))
                .contains("validation loss after epoch 1 is not finite")
                .doesNotContain("\n");
    }

    private static final String HUGE = "training.optimizer={type: sgd, learningRate: 1e30}";

    /** Diverges at once with steps of 1e30; the first time back makes them 1e-3. */
    @ParameterizedTest
    @ValueSource(strings = {TinyRun.VAE, TinyRun.FLOW})
    void recoversWithSmallerStepsAndCanBeResumed(String model) throws IOException {
        RunConfig config = TinyRun.config(
                model,
                HUGE,
                "training.recovery={attempts: 2, factor: 1e-33}",
                "training.epochs=2",
                "training.logEvery=1",
                "training.clipNorm=100");
        RunDirectory whole = TinyRun.train(runs, config);
        assertThat(TinyRun.lines(whole, "step"))
                .extracting(line -> line.get("step").intValue())
                .containsExactlyElementsOf(
                        java.util.stream.IntStream.rangeClosed(1, 20).boxed().toList());
        assertThat(TinyRun.lines(whole, "rollback")).singleElement().satisfies(line -> {
            assertThat(line.get("step").intValue()).isEqualTo(1);
            assertThat(line.get("to_step").intValue()).isZero();
            assertThat(line.get("problem").stringValue()).contains("at step 2 (epoch 1)", "is not finite");
            assertThat(line.get("learning_rate_factor").doubleValue()).isEqualTo(1e-33);
        });
        RunState state = CheckpointFolder.readState(TinyRun.checkpoint(whole, "last"));
        assertThat(state.rollbacks()).hasSize(1);

        RunDirectory before = RunDirectory.create(runs, config);
        assertThatExceptionOfType(TinyRun.Killed.class)
                .isThrownBy(() -> TinyRun.trainer(before, config, new TrainingListener() {
                            @Override
                            public void rolledBack(RunState back, RunState.Rollback rollback) {
                                throw new TinyRun.Killed();
                            }
                        })
                        .run());
        TinyRun.resume(before, java.util.List.of());
        TinyRun.assertSame(before, whole);
        // Step 13 comes after the rollback was saved.
        RunDirectory after = TinyRun.killedAt(runs, config, 13);
        TinyRun.resume(after, java.util.List.of());
        TinyRun.assertSame(after, whole);
        assertThat(TinyRun.lines(after, "rollback")).hasSize(1);
    }

    @Test
    void givesUpAfterItsAttempts() {
        RunConfig config = TinyRun.config(TinyRun.VAE, HUGE, "training.recovery={attempts: 2, factor: 0.5}");
        RunDirectory run = RunDirectory.create(runs, config);
        assertThat(divergence(TinyRun.trainer(run, config)))
                .startsWith(
                        "training diverged at step 2 (epoch 1): elbo is not finite, after 2 returns to a checkpoint;");
        assertThat(TinyRun.lines(run, "rollback")).hasSize(2);
        assertThat(TinyRun.lines(run, "end").get(0).get("reason").stringValue()).isEqualTo("diverged");
    }

    @Test
    void aGradientAboveItsBoundCountsToo() {
        RunConfig config = TinyRun.config(TinyRun.VAE, "training.recovery={attempts: 1, maxGradientNorm: 1e-3}");
        RunDirectory run = RunDirectory.create(runs, config);
        assertThat(divergence(TinyRun.trainer(run, config)))
                .contains("gradient_norm ", " is above training.recovery.maxGradientNorm 0.001");
    }
}
