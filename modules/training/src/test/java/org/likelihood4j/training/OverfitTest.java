package org.likelihood4j.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.training.config.RunConfig;

/** A model that cannot learn twenty images by heart is not wired up: gradient, optimiser, data or loss. */
class OverfitTest {
    @TempDir
    private Path runs;

    private TinyRun.Losses losses(String model, String precision, String... more) {
        RunConfig base = TinyRun.config(
                model,
                "precision=" + precision,
                "data={type: digits, train: 20, validation: 0, test: 1}",
                "training={epochs: 100, batchSize: 20, imagesEvery: 1000, checkpointEvery: 1000, optimizer: {learningRate: 0.01}}",
                more[0]);
        TinyRun.Losses losses = new TinyRun.Losses();
        TinyRun.train(runs, base, losses);
        assertThat(losses.values).hasSize(100);
        return losses;
    }

    @ParameterizedTest
    @ValueSource(strings = {"float32", "float64"})
    void vae(String precision) {
        // Binarised once, or the images would not be the same at every step.
        TinyRun.Losses losses = losses(TinyRun.VAE, precision, "model.likelihood.binarization=static");
        // The output bias starts at the mean image, so this is about what twenty images cost without looking at them.
        double start = losses.values.get(0);
        System.err.println("VAE " + start + " " + losses.meanOfLast(20));
        assertThat(losses.meanOfLast(20)).isLessThan(start / 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"float32", "float64"})
    void flow(String precision) {
        TinyRun.Losses losses = losses(TinyRun.FLOW, precision, "training.clipNorm=1000");
        double start = losses.values.get(0);
        System.err.println("FLOW " + start + " " + losses.meanOfLast(20));
        assertThat(losses.meanOfLast(20)).isLessThan(start - 500);
    }
}
