package org.likelihood4j.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.inference.runtime.DivergenceException;
import org.likelihood4j.training.TinyRun;
import org.likelihood4j.training.events.TrainingListener;

/** A training whose numbers are finite, and worse than before it began. */
class StartLossTest {
    @TempDir
    private Path runs;

    private static StartLoss of(double loss, double kl) {
        return new StartLoss(loss, kl, 2);
    }

    /** Five standard errors of 2 and a hundredth of 200: 12 nats. */
    @Test
    void worseIsMoreThanChance() {
        assertThat(of(200, 0.1).worse(of(211.9, 5), 1, 0)).isNull();
        assertThat(of(200, 0.1).worse(of(212.1, 5), 1, 0))
                .isEqualTo(
                        "the loss of training data is 212.10 nats, worse than the 200.00 +- 2.00 of the untrained model");
        assertThat(of(-50, 0).worse(of(-40, 0), 1, 0)).isNull();
        assertThat(of(-50, 0).worse(of(-39, 0), 1, 0)).isNotNull();
        assertThat(of(200, 0).worse(of(3.4e9, 0), 1, 0)).contains("is 3.40e+09 nats");
    }

    /** While a KL costs nothing it grows: reconstruction 60 and KL 500 are no divergence at a weight of 0.01. */
    @Test
    void aKlCountsAsItIsWeightedNow() {
        assertThat(of(200, 0.1).worse(of(560, 500), 0.01, 0)).isNull();
        assertThat(of(200, 0.1).worse(of(560, 500), 1, 0)).isNotNull();
        assertThat(of(200, 0.1).worse(of(900, 500), 0.01, 0)).contains("with a KL weight of 0.01");
        // 250 nats of free bits are paid from the start.
        assertThat(of(200, 0.1).worse(of(300, 240), 1, 250)).isNull();
    }

    @Test
    void aFileMayHoldNonsense() {
        assertThatIllegalArgumentException().isThrownBy(() -> new StartLoss(Double.NaN, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new StartLoss(1, 0, -1));
    }

    private static RunConfig diverging(String model, String... more) {
        List<String> all = new java.util.ArrayList<>(
                List.of("training.optimizer.learningRate=10", "training.epochs=2", "training.schedule.type=constant"));
        all.addAll(List.of(more));
        return TinyRun.config(model, all.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {TinyRun.VAE, TinyRun.FLOW})
    void aLearningRateOf10IsToldOf(String model) {
        RunConfig config = diverging(model);
        RunDirectory run = RunDirectory.create(runs, config);
        TinyRun.Warnings warnings = new TinyRun.Warnings();
        assertThat(TinyRun.trainer(run, config, warnings).run()).isEqualTo(EndReason.WORSE_THAN_AT_START);
        assertThat(warnings.lines)
                .filteredOn(line -> line.contains("untrained model"))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("after epoch 1 the loss of training data is ")
                        .contains(
                                "lower training.optimizer.learningRate", "training.clipNorm", "training.warmupSteps"));
        assertThat(TinyRun.lines(run, "end").get(0).get("reason").stringValue()).isEqualTo("worse_than_at_start");
        // It has come to its end: there is nothing to resume, and it is not called a success then either.
        assertThat(TinyRun.resume(run, List.of())).isEqualTo(EndReason.WORSE_THAN_AT_START);
    }

    @Test
    void recoveryGoesBackAndTakesSmallerSteps() throws IOException {
        // Checkpoints of every third step: those within the bad epoch are bad too.
        RunConfig config = diverging(
                TinyRun.VAE,
                "training.recovery={attempts: 1, factor: 1e-4}",
                "training.checkpointUnit=steps",
                "training.checkpointEvery=3",
                "training.checkpointKeep=10");
        RunDirectory run = RunDirectory.create(runs, config);
        assertThat(TinyRun.trainer(run, config).run()).isEqualTo(EndReason.COMPLETED);
        assertThat(TinyRun.lines(run, "rollback")).singleElement().satisfies(line -> {
            assertThat(line.get("step").intValue()).isEqualTo(10);
            assertThat(line.get("to_step").intValue()).isZero();
            assertThat(line.get("problem").stringValue())
                    .startsWith("training diverged: after epoch 1 the loss of training data is ");
        });
        RunState state = CheckpointFolder.readState(TinyRun.checkpoint(run, "last"));
        assertThat(state.worse()).isFalse();
        assertThat(state.start().loss()).isBetween(150.0, 600.0);
        RunDirectory killed = RunDirectory.create(runs, config);
        assertThatExceptionOfType(TinyRun.Killed.class)
                .isThrownBy(() -> TinyRun.trainer(killed, config, new TrainingListener() {
                            @Override
                            public void rolledBack(RunState back, RunState.Rollback rollback) {
                                throw new TinyRun.Killed();
                            }
                        })
                        .run());
        TinyRun.resume(killed, List.of());
        TinyRun.assertSame(killed, run);
    }

    @Test
    void recoveryGivesUpAfterItsAttempts() {
        RunConfig config = diverging(TinyRun.VAE, "training.recovery={attempts: 2, factor: 0.9}");
        RunDirectory run = RunDirectory.create(runs, config);
        assertThatExceptionOfType(DivergenceException.class)
                .isThrownBy(() -> TinyRun.trainer(run, config).run())
                .withMessageContaining("of the untrained model, after 2 returns to a checkpoint; lower");
        assertThat(TinyRun.lines(run, "end").get(0).get("reason").stringValue()).isEqualTo("diverged");
    }

    /** Small, short and one-step trainings at their usual rates are no divergence. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "data.train=20",
                "data={type: digits, train: 200, validation: 0, test: 30}",
                "training.warmupSteps=5",
                "training.optimizer={type: sgd, learningRate: 1e-4}"
            })
    void usualTrainingsAreNotAccused(String override) {
        for (String model : List.of(TinyRun.VAE, TinyRun.FLOW)) {
            TinyRun.Warnings warnings = new TinyRun.Warnings();
            RunConfig config = TinyRun.config(model, override);
            RunDirectory run = RunDirectory.create(runs, config);
            assertThat(TinyRun.trainer(run, config, warnings).run()).isEqualTo(EndReason.COMPLETED);
            assertThat(warnings.lines).isEmpty();
        }
    }

    /** What a weight of the KL, a warm-up or free bits do to the ELBO is no divergence. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "loss.kl.beta=0.001",
                "loss.kl.beta=50",
                "loss.kl.freeBits=20",
                "loss.kl.warmup={type: linear, epochs: 15}",
                "loss.kl.warmup={type: cyclical, cycles: 3}",
                "loss.kl.estimator=path",
                "loss.importanceSamples=5"
            })
    void weightsAndFloorsAreNotAccused(String override) {
        TinyRun.Warnings warnings = new TinyRun.Warnings();
        RunConfig config =
                TinyRun.config(TinyRun.VAE, override, "training.epochs=15", "training.optimizer.learningRate=0.01");
        RunDirectory run = RunDirectory.create(runs, config);
        assertThat(TinyRun.trainer(run, config, warnings).run()).isEqualTo(EndReason.COMPLETED);
        assertThat(warnings.lines).isEmpty();
    }
}
