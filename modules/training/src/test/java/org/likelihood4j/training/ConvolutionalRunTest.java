package org.likelihood4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.inference.Evaluator;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.latents.Interpolation;
import org.likelihood4j.inference.latents.LatentPath;
import org.likelihood4j.inference.latents.ScaleRedraws;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.runs.Evaluation;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.RunPicture;

/** Models with convolutions, trained, killed, resumed and used. */
class ConvolutionalRunTest {
    private static final String VAE = """
            model:
              type: vae
              latent: 3
              encoder: {type: conv, channels: [2, 3], blocks: 1}
              decoder: {type: conv, channels: [2, 3], blocks: 1, hidden: [8]}
            diagnostics: {gradientDraws: 0}
            """;
    private static final String FLOW = """
            model:
              type: realnvp
              architecture: multiscale
              scales: [{checkerboard: 2, channels: 2}, {channel: 2, channels: 3}]
              conditioner: {type: residual, blocks: 1}
            """;

    @TempDir
    private Path runs;

    @ParameterizedTest
    @ValueSource(strings = {VAE, FLOW})
    void aKilledTrainingGoesOnToTheBitAndItsModelDoesAll(String model) {
        RunConfig config = TinyRun.config(model);
        RunDirectory whole = TinyRun.train(runs, config);
        RunDirectory killed = TinyRun.killedAt(runs.resolve("k"), config, 13);
        TinyRun.resume(killed, List.of());
        TrainedModel trained = TinyRun.open(whole, "last");
        assertThat(TinyRun.open(killed, "last").values().vectors()[0].flat())
                .isEqualTo(trained.values().vectors()[0].flat());
        Examples test = TinyRun.data(config).test();
        Evaluation evaluation = new Evaluator(trained, config.evaluation())
                .evaluate(new RunDirectory(Path.of("x")), "last", "test", test, ProgressListener.none());
        assertThat(evaluation.quantities())
                .allSatisfy(quantity -> assertThat(quantity.mean()).isFinite());
        TrainedModel.Reconstruction pairs = trained.reconstruct(test, 4, "test");
        assertThat(pairs.reconstructions()).hasSize(4);
        if (trained.latents().isExact()) {
            assertThat(pairs.largestError() * 256).isLessThan(0.1);
        }
        assertThat(Interpolation.of(trained, test, "test", new int[] {0, 1}, 4, LatentPath.LINEAR)
                        .images())
                .hasSize(4);
        assertThat(trained.sample(9, 0.7, 3)).hasSize(9);
    }

    /** Where nothing is learned, couplings are the identity, and each latent is a pixel. */
    @Test
    void drawingAScaleAnewChangesNothingButWhatItHolds() {
        RunConfig config = TinyRun.config("""
                model:
                  type: realnvp
                  architecture: multiscale
                  scales: [{checkerboard: 1}, {channel: 2}, {channel: 2}]
                  conditioner: {type: residual, channels: 2, blocks: 1}
                """, "training.optimizer.learningRate=1e-12", "training.imagesEvery=1");
        RunDirectory run = TinyRun.train(runs, config);
        TrainedModel model = TinyRun.open(run, "last");
        Examples test = TinyRun.data(config).test();
        int size = model.shape().size();
        assertThat(model.values().model().latentScales()).containsExactly(size / 2, size / 2);
        ScaleRedraws redraws = ScaleRedraws.of(model, test, "test", new int[] {3, 5}, 4, 7);
        assertThat(redraws.columns()).isEqualTo(9);
        List<byte[]> reconstructions = model.reconstruct(test, 6, "test").reconstructions();
        for (int row = 0; row < 2; row++) {
            List<byte[]> images = redraws.images().subList(9 * row, 9 * row + 9);
            assertThat(images.get(0)).isEqualTo(reconstructions.get(row == 0 ? 3 : 5));
            boolean[] fine = changed(images.subList(1, 5), images.get(0));
            boolean[] coarse = changed(images.subList(5, 9), images.get(0));
            int held = 0;
            for (int i = 0; i < size; i++) {
                assertThat(fine[i] && coarse[i]).isFalse();
                held += fine[i] || coarse[i] ? 1 : 0;
            }
            // A draw may come to the same grey; four hardly ever do.
            assertThat(held).isGreaterThan(size * 9 / 10);
        }
        assertThat(run.picture(RunPicture.SCALES, 1)).isRegularFile();
    }

    private static boolean[] changed(List<byte[]> images, byte[] from) {
        boolean[] changed = new boolean[from.length];
        for (byte[] image : images) {
            for (int i = 0; i < from.length; i++) {
                changed[i] |= image[i] != from[i];
            }
        }
        return changed;
    }

    @Test
    void imagesThatDoNotFitAreRefusedInOneLine() {
        RunConfig config = TinyRun.config(VAE);
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ModelBuilder.create(config, new ImageShape(1, 30, 28)))
                .withMessageContaining("model.decoder.channels: 2 maps, each twice as high and wide as the one before,")
                .withMessageContaining("multiples of 4; these are of 1x30x28");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ModelBuilder.create(config, VectorShape.numbered(5)))
                .withMessageContaining("model.encoder.type: conv is for images; rows of numbers need type dense");
    }
}
