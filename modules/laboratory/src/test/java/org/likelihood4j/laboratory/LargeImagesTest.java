package org.likelihood4j.laboratory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.Splits;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.inference.runtime.EnvironmentProvenance;
import org.likelihood4j.laboratory.audit.Audit;
import org.likelihood4j.laboratory.verify.Finding;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.RunPicture;
import org.likelihood4j.training.Trainer;
import org.likelihood4j.training.loop.PreflightCheck;

/** Images of 3x224x224: what fits is trained, what does not is refused before anything is allocated. */
class LargeImagesTest {
    private static final String SMALL = "{type: realnvp, architecture: flat, couplings: 2, conditioner: {hidden: [8]}}";
    private static final String VAE =
            "{type: vae, latent: 4, encoder: {hidden: [8]}, decoder: {hidden: [8]}, likelihood: {type: gaussian}}\ndiagnostics: {gradientDraws: 2}";

    @TempDir
    private Path folder;

    private static RunConfig config(Path pictures, String model, String... overrides) {
        return ConfigLoader.parse(
                "name: large\ndata: {type: images, path: '" + pictures + "', height: 224}\n"
                        + "training: {epochs: 1, batchSize: 2}\nmodel: " + model,
                "large.yaml",
                List.of(overrides));
    }

    private Path pictures() throws IOException {
        Path pictures = Files.createDirectories(folder.resolve("pictures"));
        Random random = new Random(1);
        for (int n = 0; n < 10; n++) {
            BufferedImage picture = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
            for (int i = 0; i < 256; i++) {
                picture.setRGB(i % 16, i / 16, random.nextInt(1 << 24));
            }
            ImageIO.write(picture, "png", pictures.resolve(n + ".png").toFile());
        }
        return pictures;
    }

    @Test
    void areTrainedAndDrawnByAVae() throws IOException {
        areTrainedAndDrawn(VAE);
    }

    /** Half a minute. */
    @Test
    @Tag("slow")
    void areTrainedAndDrawnByAFlow() throws IOException {
        areTrainedAndDrawn(SMALL);
    }

    private void areTrainedAndDrawn(String model) throws IOException {
        RunConfig config = config(pictures(), model);
        Splits data = DataSources.source(config.data(), Path.of("none")).load(ProgressListener.none());
        RunDirectory run = RunDirectory.create(folder, config);
        new Trainer(config, data, run, EnvironmentProvenance.gather(data, "large", config), List.of()).run();
        for (Path picture : List.of(run.picture(RunPicture.SAMPLES, 1), run.picture(RunPicture.RECONSTRUCTIONS, 1))) {
            BufferedImage grid = ImageIO.read(picture.toFile());
            assertThat(grid.getWidth()).isGreaterThan(224);
        }
        TrainedModel trained = TrainedModel.open(run, "last", DataSources.shape(config.data()));
        assertThat(trained.reconstruct(data.test(), 1, "test").originals().get(0))
                .hasSize(3 * 224 * 224);
        if (trained.values().model().hasBitsPerDimension()) {
            // The reordering of 150,528 columns is undone exactly: only the couplings round.
            assertThat(trained.reconstruct(data.test(), 1, "test").largestError())
                    .isCloseTo(0, within(0.01));
            List<Finding> findings = Audit.audit(trained, data.test(), 1, finding -> {});
            assertThat(findings)
                    .allMatch(Finding::passed)
                    .anyMatch(finding -> finding.compared().contains("the Jacobian would be 150,528 x 150,528"));
        }
    }

    /** What the line says would fit does. */
    @Test
    void areRefusedWhereTheParametersDoNotFit() {
        String model = "{type: realnvp, architecture: flat, couplings: %s, conditioner: {hidden: [%s, %s]}}";
        RunConfig wide = config(Path.of("none"), String.format(model, 6, 4096, 4096));
        Matcher told = refused(
                wide,
                "model: its [0-9,]+ parameters need [0-9,.]+ GB of memory to train, .*"
                        + "hidden layers of 1/([0-9]+) of their widths.*");
        int narrow = 4096 / Integer.parseInt(told.group(1));
        accepted(config(Path.of("none"), String.format(model, 6, narrow, narrow)));
    }

    @Test
    void areRefusedWhereTheBatchDoesNotFit() {
        RunConfig large = config(Path.of("none"), SMALL, "training.batchSize=2000");
        Matcher told = refused(large, "training.batchSize: a batch of 2,000 needs some [0-9.]+ GB .*; ([0-9,]+) fit");
        String fitting = told.group(1).replace(",", "");
        accepted(config(Path.of("none"), SMALL, "training.batchSize=" + fitting));
        refused(config(Path.of("none"), SMALL, "training.batchSize=" + (Integer.parseInt(fitting) + 50)), ".*");
    }

    /** The batch that is used where none is set is known with the data: 20 pictures do not need what 100 do. */
    @Test
    void areCheckedWithTheBatchThatIsUsed() throws IOException {
        Path pictures = pictures();
        String yaml = "name: large\ndata: {type: images, path: '" + pictures + "', height: 224}\nmodel: "
                + "{type: realnvp, architecture: flat, couplings: 8, conditioner: {hidden: [8]}, logScaleBound: 1}";
        RunConfig unset = ConfigLoader.parse(yaml, "large.yaml", List.of());
        accepted(unset);
        refused(unset.fitted(1000), "training.batchSize: a batch of 100 needs .*");
        assertThat(DataSources.trainExamples(unset.data())).hasValue(8);
        accepted(unset.fitted(8));
    }

    private static Matcher refused(RunConfig config, String expected) {
        String[] message = {null};
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> accept(config))
                .satisfies(e -> message[0] = e.getMessage());
        Matcher told = Pattern.compile(expected).matcher(message[0]);
        assertThat(told.matches()).as(message[0]).isTrue();
        return told;
    }

    private static void accepted(RunConfig config) {
        assertThatCode(() -> accept(config)).doesNotThrowAnyException();
    }

    private static void accept(RunConfig config) {
        PreflightCheck.model(config, DataSources.shape(config.data()));
    }
}
