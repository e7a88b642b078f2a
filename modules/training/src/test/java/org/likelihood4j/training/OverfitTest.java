package org.likelihood4j.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.config.RunConfig;

/** A model that cannot learn twenty images by heart is not wired up: gradient, optimiser, data or loss. */
class OverfitTest {
    private static final int EPOCHS = 120;

    @TempDir
    private Path runs;

    private TinyRun.Losses losses(String model, String precision, String... more) {
        List<String> overrides = new ArrayList<>(List.of(
                "precision=" + precision,
                "data={type: digits, train: 20, validation: 1, test: 1}",
                "training={batchSize: 20, optimizer: {learningRate: 0.01}, epochs: " + EPOCHS
                        // Only training: writing files would take most of the time.
                        + ", validateEvery: 1000, imagesEvery: 1000, checkpointEvery: 1000}"));
        overrides.addAll(List.of(more));
        RunConfig config = TinyRun.config(model, overrides.toArray(String[]::new));
        TinyRun.Losses losses = new TinyRun.Losses();
        TinyRun.train(runs, config, losses);
        assertThat(losses.values).hasSize(EPOCHS);
        return losses;
    }

    @Test
    void vaeInFloat32() {
        vae("float32");
    }

    /** That a step in float64 is the right one others look at; these take several times as long. */
    @Test
    @Tag("slow")
    void vaeInFloat64() {
        vae("float64");
    }

    private void vae(String precision) {
        // Binarised once, or the images would not be the same at every step.
        String model = "model: {type: vae, latent: 8, encoder: {hidden: [64]}, decoder: {hidden: [64]}}\n";
        TinyRun.Losses losses =
                losses(model, precision, "model.likelihood.binarization=static", "diagnostics.gradientDraws=0");
        // The output bias starts at the mean image, so this is what the images cost without looking at them.
        double start = losses.values.get(0);
        assertThat(losses.meanOfLast(10)).isLessThan(start / 4);
    }

    @Test
    void flowInFloat32() {
        flow("float32");
    }

    @Test
    @Tag("slow")
    void flowInFloat64() {
        flow("float64");
    }

    private void flow(String precision) {
        TinyRun.Losses losses = losses(TinyRun.FLOW, precision, "training.clipNorm=1000");
        // The flow starts as independent, standardised pixels.
        double start = losses.values.get(0);
        assertThat(losses.meanOfLast(10)).isLessThan(start - 500);
    }
}
