package org.likelihood4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.Splits;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.inference.runtime.EnvironmentProvenance;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.RunPicture;

/** From a folder of colour pictures to a model of them. */
class OwnImagesTest {
    private static final int CELL = 8 * 2 + 2;

    @TempDir
    private Path folder;

    /** Red above, of any brightness, and blue below. */
    private Path pictures(int count) throws IOException {
        Path pictures = Files.createDirectories(folder.resolve("pictures"));
        Random random = new Random(4);
        for (int n = 0; n < count; n++) {
            BufferedImage picture = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
            int red = 100 + random.nextInt(100);
            int blue = 100 + random.nextInt(100);
            for (int i = 0; i < 256; i++) {
                int noise = random.nextInt(8);
                picture.setRGB(i % 16, i / 16, i < 128 ? (red + noise) << 16 : blue + noise);
            }
            ImageIO.write(picture, "png", pictures.resolve(n + ".png").toFile());
        }
        return pictures;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model: {type: vae, latent: 4, encoder: {hidden: [32]}, decoder: {hidden: [32]}, likelihood: {type: gaussian}}\ndiagnostics: {gradientDraws: 0, every: 100}",
                "model: {type: realnvp, architecture: flat, couplings: 2, conditioner: {hidden: [32]}, alpha: 0.05, standardizationFloor: 0.1}"
            })
    void trainsOnColours(String model) throws IOException {
        RunConfig config = ConfigLoader.parse(
                "name: own\ndata: {type: images, path: '" + pictures(120) + "', height: 8}\n"
                        + "training: {epochs: 8, batchSize: 20, imagesEvery: 8, optimizer: {type: adam, learningRate: 5.0e-3}}\n"
                        + model,
                "own.yaml",
                List.of());
        Splits data = DataSources.source(config.data(), Path.of("none")).load(ProgressListener.none());
        assertThat(data.train().size()).isEqualTo(96);
        ImageShape shape = new ImageShape(3, 8, 8);
        assertThat(data.train().shape()).isEqualTo(shape).isEqualTo(DataSources.shape(config.data()));
        RunDirectory run = RunDirectory.create(folder, config);
        new Trainer(config, data, run, EnvironmentProvenance.gather(data, "own", config), List.of()).run();
        TrainedModel trained = TrainedModel.open(run, "best", DataSources.shape(config.data()));
        // Samples have the colours of the pictures: 64 pixels of red, then of green, then of blue.
        double[] means = new double[6];
        List<byte[]> samples = trained.sample(64, 1, 1);
        for (byte[] image : samples) {
            for (int i = 0; i < 192; i++) {
                means[i / 32] += (image[i] & 0xff) / (32.0 * samples.size());
            }
        }
        assertThat(means[0]).as("red above").isBetween(120.0, 190.0);
        assertThat(means[5]).as("blue below").isBetween(120.0, 190.0);
        for (int other : new int[] {1, 2, 3, 4}) {
            assertThat(means[other]).as("others").isLessThan(60);
        }
        BufferedImage grid = ImageIO.read(run.picture(RunPicture.SAMPLES, 8).toFile());
        assertThat(grid.getWidth()).isEqualTo(8 * CELL + 2);
        assertThat(run.picture(RunPicture.RECONSTRUCTIONS, 8)).exists();
        double previous = Double.POSITIVE_INFINITY;
        for (String event : List.of("first", "last")) {
            var epochs = TinyRun.lines(run, "epoch");
            double loss = epochs.get(event.equals("first") ? 0 : epochs.size() - 1)
                    .get("validation")
                    .get("loss")
                    .doubleValue();
            assertThat(loss).isLessThan(previous);
            previous = loss;
        }
    }

    @Test
    void aMaskThatLeavesAHalfEmptyIsRefused() {
        RunConfig config = ConfigLoader.parse(
                "name: own\ndata: {type: images, path: p, height: 1, width: 8}\nmodel: {type: realnvp, architecture: flat, mask: halves}",
                "own.yaml",
                List.of());
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ModelBuilder.create(config, DataSources.shape(config.data())))
                .withMessageContaining("model.mask: halves leaves one half of a 3x1x8 image empty");
    }
}
