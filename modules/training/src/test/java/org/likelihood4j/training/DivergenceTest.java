package org.likelihood4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.training.config.RunConfig;

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
        assertThat(TinyRun.checkpointFiles(run)).containsExactly(RunDirectory.epochName(good), "last");
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
}
