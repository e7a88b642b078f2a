package org.likelihood4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.io.JsonFiles;
import org.likelihood4j.runs.EndReason;
import org.likelihood4j.runs.Provenance;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.RunPicture;
import org.likelihood4j.runs.RunState;
import tools.jackson.databind.JsonNode;

class EarlyStoppingTest {
    @TempDir
    private Path runs;

    private static JsonNode state(RunDirectory run) throws IOException {
        return JsonFiles.LINE.readTree(
                Files.readString(TinyRun.checkpoint(run, "last").resolve("state.json")));
    }

    @ParameterizedTest
    @CsvSource({"loss", "elbo", "kl_analytic"})
    void stopsWhenPatienceIsAtItsEnd(String metric) throws IOException {
        // Steps too small to change a float32: every validation after the first gives the very same value.
        RunConfig config = TinyRun.config(
                TinyRun.VAE,
                "data.train=20",
                "training.epochs=9",
                "training.optimizer.learningRate=1e-30",
                "training.imagesEvery=100",
                "training.earlyStopping={metric: " + metric + ", patience: 3}");
        RunDirectory run = RunDirectory.create(runs, config);
        assertThat(TinyRun.trainer(run, config).run()).isEqualTo(EndReason.EARLY_STOPPED);
        List<JsonNode> epochs = TinyRun.lines(run, "epoch");
        assertThat(epochs).hasSize(4);
        assertThat(TinyRun.lines(run, "end").get(0).get("reason").stringValue()).isEqualTo("early_stopped");
        assertThat(state(run).at("/best/epoch").intValue()).isEqualTo(1);
        assertThat(state(run).at("/best/validationsSince").intValue()).isEqualTo(3);
        assertThat(TinyRun.checkpointFiles(run))
                .containsExactly("best", "epoch-0001", "epoch-0003", "epoch-0004", "last");
        // The last pictures belong to the last epoch, whenever that comes.
        assertThat(run.picture(RunPicture.SAMPLES, 4)).isRegularFile();
        assertThat(run.picture(RunPicture.RECONSTRUCTIONS, 4)).isRegularFile();
    }

    @Test
    void onlyValidationsCount() {
        RunConfig config = TinyRun.config(
                TinyRun.VAE,
                "data.train=20",
                "training.epochs=9",
                "training.validateEvery=2",
                "training.optimizer.learningRate=1e-30",
                "training.earlyStopping={patience: 1}");
        RunDirectory run = TinyRun.train(runs, config);
        List<JsonNode> epochs = TinyRun.lines(run, "epoch");
        assertThat(epochs).hasSize(4);
        assertThat(epochs.get(0).get("validation").size()).isZero();
        assertThat(epochs.get(1).get("validation").size()).isPositive();
    }

    /** The best epoch by hand, from the metrics that were written. */
    @ParameterizedTest
    @CsvSource({"loss, -1", "elbo, 1", "kl_analytic, -1", "reconstruction, 1"})
    void theBestIsTheBestInTheDirectionOfItsMetric(String metric, int direction) throws IOException {
        RunConfig config = TinyRun.config(
                TinyRun.VAE,
                "data.train=20",
                "training.epochs=4",
                "training.optimizer.learningRate=0.02",
                "training.earlyStopping={metric: " + metric + ", patience: 100}");
        RunDirectory run = TinyRun.train(runs, config);
        int best = 0;
        double value = 0;
        for (JsonNode epoch : TinyRun.lines(run, "epoch")) {
            double seen = epoch.get("validation").get(metric).doubleValue();
            boolean better = best == 0 || direction * (seen - value) > 0;
            assertThat(epoch.get("best").booleanValue()).isEqualTo(better);
            if (better) {
                best = epoch.get("epoch").intValue();
                value = seen;
            }
        }
        assertThat(state(run).at("/best/epoch").intValue()).isEqualTo(best);
        assertThat(state(run).at("/best/value").doubleValue()).isEqualTo(value);
    }

    @Test
    void anImprovementMustBeLargeEnough() {
        RunState first = RunState.initial(new Provenance(Map.of())).atStep(1, 10);
        RunState lower = first.watched(100, false, 1);
        assertThat(lower.atStep(2, 20).watched(99, false, 1).best().epoch()).isEqualTo(1);
        assertThat(lower.atStep(2, 20).watched(99, false, 1).best().validationsSince())
                .isEqualTo(1);
        assertThat(lower.atStep(2, 20).watched(98.9, false, 1).best().epoch()).isEqualTo(2);
        RunState higher = first.watched(-100, true, 1);
        assertThat(higher.atStep(2, 20).watched(-99, true, 1).best().epoch()).isEqualTo(1);
        assertThat(higher.atStep(2, 20).watched(-98.9, true, 1).best().epoch()).isEqualTo(2);
        assertThat(higher.atStep(2, 20).watched(-98.9, true, 1).best().value()).isEqualTo(-98.9);
        // An improvement starts the count again.
        RunState worse =
                lower.atStep(2, 20).watched(200, false, 1).atStep(3, 30).watched(200, false, 1);
        assertThat(worse.best().validationsSince()).isEqualTo(2);
        assertThat(worse.atStep(4, 40).watched(50, false, 1).best().validationsSince())
                .isZero();
    }

    @Test
    void anUnknownMetricIsRefusedWithTheList() {
        RunConfig vae = TinyRun.config(TinyRun.VAE, "training.earlyStopping={metric: bits_per_dim}");
        RunDirectory run = RunDirectory.create(runs, vae);
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> TinyRun.trainer(run, vae).run())
                .withMessage(
                        "training.earlyStopping.metric: this model has no metric 'bits_per_dim'; it has loss, elbo,"
                                + " reconstruction, kl_analytic, kl_sampled");
        assertThat(run.metrics()).doesNotExist();
    }
}
