package org.likelihood4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.data.DataConfig;
import org.likelihood4j.config.data.ExternalConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.arrays.ArrayExamples;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.EndReason;
import org.likelihood4j.runs.RunDirectory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class ArrayTrainingTest {
    private static final String CONFIG = """
            model: {type: vae, latent: 2, encoder: {hidden: [8]}, decoder: {hidden: [8]}}
            diagnostics: {gradientDraws: 0}
            training: {epochs: 2, batchSize: 10, imagesEvery: 1000}
            """;

    @TempDir
    private Path runs;

    private static Splits images() {
        Nd4j.getRandom().setSeed(5);
        Examples all = ArrayExamples.of(Nd4j.rand(DataType.FLOAT, 60, 2, 3, 4), new ImageShape(2, 3, 4));
        return new Splits(all.slice(0, 40), all.slice(40, 50), all.slice(50, 60));
    }

    private static RunConfig config(String... overrides) {
        return ConfigLoader.parse(CONFIG, "mine.yaml", List.of(overrides));
    }

    @Test
    void imagesOfAnyShapeAreTrainedOnAndOpened() {
        Trainer trainer = ArrayTraining.start(config(), images(), "random colours", runs, List.of());
        trainer.run();
        RunDirectory run = trainer.directory();
        assertThat(run.path()).isEqualTo(runs.resolve("mine"));
        assertThat(run.readConfig().data())
                .isEqualTo(new ExternalConfig("random colours", List.of(2, 3, 4), null, List.of(), 40, 10, 10));
        try (OpenedModel model = OpenedModel.open(run.path())) {
            assertThat(model.sample(3, 1, 1).shape()).containsExactly(3, 2, 3, 4);
        }
        // Commands that need the data say in one line that there are none.
        DataConfig data = run.readConfig().data();
        assertThat(DataSources.source(data, runs).describe()).isEqualTo("random colours");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> DataSources.source(data, runs).load(ProgressListener.none()))
                .withMessageContaining("the run's data (random colours) were given by a Java program")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    @Test
    void aTrainingThatWasCutOffGoesOnToTheSameBits() throws Exception {
        Trainer whole = ArrayTraining.start(config("name=whole"), images(), "colours", runs, List.of());
        whole.run();
        String[] often = {"name=cut", "training.checkpointEvery=2", "training.checkpointUnit=steps"};
        Trainer cut = ArrayTraining.start(config(often), images(), "colours", runs, List.of(new TinyRun.Kill(5)));
        assertThatExceptionOfType(TinyRun.Killed.class).isThrownBy(cut::run);
        Trainer resumed = ArrayTraining.resume(cut.directory().path(), images(), List.of());
        assertThat(resumed.resume()).isEqualTo(EndReason.COMPLETED);
        assertThat(TinyRun.numbers(resumed.directory())).isEqualTo(TinyRun.numbers(whole.directory()));
        assertThat(TinyRun.checkpoint(resumed.directory(), "last").resolve("weights.safetensors"))
                .hasSameBinaryContentAs(
                        TinyRun.checkpoint(whole.directory(), "last").resolve("weights.safetensors"));

        Splits data = images();
        Splits others = new Splits(data.test(), data.validation(), data.test());
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> ArrayTraining.resume(resumed.directory().path(), others, List.of())
                        .resume())
                .withMessageContaining("was trained on other data");
        RunDirectory digits = TinyRun.train(runs, TinyRun.config(TinyRun.VAE, "training.epochs=1"));
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> ArrayTraining.resume(digits.path(), data, List.of()))
                .withMessageContaining("was not trained on a program's own data");
    }

    @Test
    void aBatchSizeThatIsNotSetIsWhatThereIs() {
        TinyRun.Warnings told = new TinyRun.Warnings();
        Trainer trainer = ArrayTraining.start(config("training.batchSize=null"), images(), "x", runs, List.of(told));
        assertThat(told.lines)
                .containsExactly("training.batchSize is 40, all the training images there are: it was not set, and they"
                        + " are fewer than 100");
        assertThat(trainer.directory().readConfig().training().batchSize()).isEqualTo(40);
        assertThat(trainer.run()).isEqualTo(EndReason.COMPLETED);
        assertThat(ArrayTraining.resume(trainer.directory().path(), images(), List.of())
                        .resume())
                .isEqualTo(EndReason.COMPLETED);
    }

    @Test
    void whatCannotBeTrainedMakesNoFolder() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ArrayTraining.start(config("training.batchSize=41"), images(), "x", runs, List.of()))
                .withMessageContaining("training.batchSize");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ArrayTraining.start(config(), images(), " ", runs, List.of()))
                .withMessageContaining("must say where the data came from");
        Examples rows = ArrayExamples.of(Nd4j.rand(DataType.FLOAT, 40, 2), VectorShape.numbered(2));
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ArrayTraining.start(config(), new Splits(rows, rows, rows), "x", runs, List.of()))
                .withMessageContaining("bernoulli is for pixels");
        assertThat(runs).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{type: external, image: [1, 2, 3], train: 20} | must say where the data came from",
                "{type: external, description: x, train: 20} | or columns a list of names, and not both",
                "{type: external, description: x, image: [1, 2, 3], columns: [a], train: 20} | and not both",
                "{type: external, description: x, image: [1, 2], train: 20} | must be [channels, height, width]",
                "{type: external, description: x, image: [1, 2, 0], train: 20} | each at least 1",
                "{type: external, description: x, columns: [], train: 20} | must not be empty",
                "{type: external, description: x, image: [1, 2, 3]} | must be given",
                "{type: external, description: x, image: [1, 2, 3], train: 0} | must be at least 1",
                "{type: external, description: x, image: [1, 2, 3], train: 20, test: -1} | must be at least 0"
            })
    void aSectionThatSomebodyWroteByHandIsChecked(String section, String message) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigLoader.parse(CONFIG + "data: " + section, "mine.yaml", List.of()))
                .withMessageContaining("mine.yaml:4: data")
                .withMessageContaining(message);
    }
}
