package org.likelihood4j.inference.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.inference.Evaluator;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.RunException;
import org.likelihood4j.io.safetensors.Safetensors;
import org.likelihood4j.runs.Calibration;
import org.likelihood4j.runs.CheckpointFolder;
import org.likelihood4j.runs.Evaluation;
import org.likelihood4j.runs.Provenance;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.RunState;
import org.likelihood4j.training.TinyRun;

/** An export becomes a run again, which exports the same, and from whose weights trainings start. */
class ModelImportTest {
    /** Nothing is this small beside a float32 weight. */
    private static final String STILL = "training.optimizer={type: sgd, learningRate: 1.0E-30}";

    @TempDir
    private static Path folder;

    private static Path export;
    private static RunDirectory imported;

    @BeforeAll
    static void exportAndImport() {
        RunDirectory run = TinyRun.train(folder, TinyRun.config(TinyRun.FLOW, "name=first", "training.emaDecay=0.9"));
        export = folder.resolve("export");
        ModelExport.write(run, "last", export);
        imported = ModelImport.read(export, folder, List.of("name=imported"));
    }

    @Test
    void anImportExportsTheSame() throws IOException {
        Path again = folder.resolve("again");
        ModelExport.write(imported, "best", again);
        for (String file : List.of("weights.safetensors", "program.json")) {
            assertThat(again.resolve(file)).hasSameBinaryContentAs(export.resolve(file));
        }
        assertThat(again.resolve("config.yaml"))
                .hasContent(Files.readString(export.resolve("config.yaml")).replace("name: first", "name: imported"));
    }

    @Test
    void theCardIsOfTheModelAndNotOfTheMachine() throws IOException {
        String card = Files.readString(export.resolve("README.md"));
        int parameters = TinyRun.open(imported, "best").values().parameters().slots().stream()
                .mapToInt(slot -> slot.shape().stream().mapToInt(Long::intValue).reduce(1, Math::multiplyExact))
                .sum();
        assertThat(card)
                .startsWith(
                        "---\nlibrary_name: likelihood4j\ntags:\n- realnvp\n- density-estimation\n- image\n---\n\n# first\n")
                .contains(String.format(
                        Locale.ROOT,
                        "%,d parameters, float32, the moving average of the parameters, decay 0.9. Trained with Likelihood4J ",
                        parameters))
                .contains("; checkpoint epoch-0002, after 2 epochs and 20 steps.")
                .contains("None were measured")
                .doesNotContain(folder.toString());
    }

    /** Figures are those of the very weights, and the decision is by what the calibration is by. */
    @Test
    void theCardHasWhatWasMeasuredOfTheseWeights() throws IOException {
        RunConfig config = TinyRun.config(TinyRun.VAE, "name=measured", "training.epochs=1");
        RunDirectory run = TinyRun.train(folder, config);
        TrainedModel model = TinyRun.open(run, "best");
        Evaluation evaluation = new Evaluator(model, config.evaluation())
                .evaluate(run, "best", "test", TinyRun.data(config).test(), ProgressListener.none())
                .summed(run);
        evaluation.save(run);
        Files.writeString(run.evaluation("validation"), "{");
        String mean =
                String.format(Locale.ROOT, "%.3f", evaluation.quantity("nll").mean());
        assertThat(card(run, "measured-1"))
                .contains("Of 30 images of the test set")
                .contains("| nll | " + mean);
        TinyRun.resume(run, List.of("training.epochs=2"));
        assertThat(card(run, "measured-2")).contains("None were measured").doesNotContain(mean);
        assertThat(card(imported, "imported-again"))
                .contains("Imported from an export of the run first, checkpoint epoch-0002, and not trained since.");
    }

    private static String card(RunDirectory run, String name) throws IOException {
        ModelExport.write(run, "last", folder.resolve(name));
        return Files.readString(folder.resolve(name).resolve("README.md"));
    }

    @Test
    void aTrainingStartsFromItsWeightsAndNotFromDrawnOnes() throws IOException {
        RunConfig config = ConfigLoader.load(
                imported.config(), List.of("training.startFrom=" + imported.path(), "training.emaDecay=null", STILL));
        RunDirectory tuned = TinyRun.train(folder, config);
        assertThat(weights(tuned)).isEqualTo(weights(imported));
    }

    /** Whoever goes on needs the first run no more; what it had is remembered. */
    @Test
    void aTrainingThatHasBegunNeedsTheFirstRunNoMore() throws IOException {
        Path exported = folder.resolve("export-to-go");
        ModelExport.write(imported, "best", exported);
        RunDirectory first = ModelImport.read(exported, folder, List.of("name=to-go"));
        String sum = Calibration.Weights.of(first, "best").sha256();
        RunConfig config = TinyRun.config(
                TinyRun.FLOW, "name=going", "training.emaDecay=0.9", "training.startFrom=" + first.path());
        RunDirectory going = TinyRun.killedAt(folder, config, 15);
        AtomicFiles.delete(first.path());
        TinyRun.resume(going, List.of());
        RunState state = CheckpointFolder.readState(TinyRun.checkpoint(going, "last"));
        assertThat(state.epoch()).isEqualTo(2);
        assertThat(state.provenance()).containsEntry(Provenance.STARTED_FROM, sum);
        Path again = folder.resolve("gone-export");
        ModelExport.write(going, "last", again);
        assertThat(again.resolve("config.yaml")).content().contains("startFrom: null");
    }

    private static List<List<Float>> weights(RunDirectory run) throws IOException {
        return Safetensors.read(TinyRun.checkpoint(run, "last").resolve("weights.safetensors")).tensors().stream()
                .map(tensor -> {
                    List<Float> numbers = new ArrayList<>();
                    for (float number : tensor.toFloats()) {
                        numbers.add(number);
                    }
                    return numbers;
                })
                .toList();
    }

    @Test
    void startingWeightsHaveToFit() {
        for (String other : List.of("model.couplings=3", "model.alpha=0.02", "precision=float64")) {
            RunConfig config = TinyRun.config(TinyRun.FLOW, "training.startFrom=" + imported.path(), other);
            assertThatExceptionOfType(ConfigException.class)
                    .as(other)
                    .isThrownBy(() -> TinyRun.train(folder, config))
                    .withMessageStartingWith("training.startFrom: " + imported.path() + " ")
                    .withMessageContaining(other.substring(0, other.indexOf('=')))
                    .withMessageContaining("./run.sh train " + imported.config() + " --set training.startFrom=");
        }
        RunConfig none = TinyRun.config(TinyRun.FLOW, "training.startFrom=" + folder.resolve("none"));
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> TinyRun.train(folder, none))
                .withMessageStartingWith("training.startFrom: " + folder.resolve("none") + ": no such run directory");
    }

    @Test
    void nothingGoesOnFromAnImport() {
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> TinyRun.resume(imported, List.of()))
                .withMessageContaining("was imported without an optimiser's state")
                .withMessageContaining("training.startFrom");
    }

    @Test
    void whatIsNoExportIsToldInALine() throws IOException {
        Path damaged = copy("damaged");
        Files.delete(damaged.resolve("config.yaml"));
        refused(damaged, "config.yaml: is not there");
        Path torn = copy("torn");
        byte[] bytes = Files.readAllBytes(torn.resolve("weights.safetensors"));
        Files.write(torn.resolve("weights.safetensors"), Arrays.copyOf(bytes, bytes.length - 9));
        refused(torn, "weights.safetensors");
        Path other = copy("other");
        Files.writeString(
                other.resolve("config.yaml"),
                Files.readString(other.resolve("config.yaml")).replace("couplings: 2", "couplings: 4"));
        refused(other, "config.yaml: is not the file that was written");
        // What was changed on purpose has no sums.
        Files.writeString(
                other.resolve("model.json"),
                Files.readString(other.resolve("model.json")).replace("\"sha256\" :", "\"before\" :"));
        refused(other, "has no tensor 'coupling2/");
        Path newer = copy("newer");
        Files.writeString(
                newer.resolve("model.json"),
                Files.readString(newer.resolve("model.json"))
                        .replace("\"formatVersion\" : 3", "\"formatVersion\" : 4"));
        refused(newer, "is no export of format version 3");
        refused(folder, "model.json: cannot be read");
        try (Stream<Path> children = Files.list(folder.resolve("refused"))) {
            assertThat(children).as("nothing is left of them").isEmpty();
        }
    }

    private static Path copy(String name) throws IOException {
        Path copy = Files.createDirectory(folder.resolve(name));
        for (String file : List.of("config.yaml", "model.json", "weights.safetensors")) {
            Files.copy(export.resolve(file), copy.resolve(file));
        }
        return copy;
    }

    private static void refused(Path export, String words) throws IOException {
        Path runs = Files.createDirectories(folder.resolve("refused"));
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> ModelImport.read(export, runs, List.of()))
                .withMessageContaining(words)
                .withMessageStartingWith(export.toString());
    }

    /** What the columns' cells mean is the first run's, and not found anew in other data. */
    @Test
    void aTableIsReadAsTheFirstOne() throws IOException {
        Path first = table("first", 3, 1);
        RunConfig config = ConfigLoader.parse(
                "name: table\ndata: {type: csv, path: '" + first + "', validation: 0.2, test: 0.2, "
                        + "columns: {word: category, count: integer, price: log}}\n"
                        + "model: {type: realnvp, couplings: 2, conditioner: {hidden: [8]}}\n"
                        + "training: {epochs: 1, batchSize: 20, imagesEvery: 9}\n",
                "table.yaml",
                List.of());
        config = DataSources.resolved(config, TinyRun.data(config).train().shape());
        RunDirectory run = TinyRun.train(folder, config);
        Path exported = folder.resolve("table-export");
        ModelExport.write(run, "best", exported);
        Files.delete(first);
        RunDirectory back = ModelImport.read(exported, folder, List.of("name=table-back"));

        String start = "training.startFrom=" + back.path();
        Path second = table("second", 2, 2);
        RunConfig tuning = ConfigLoader.load(back.config(), List.of(start, "data.path=" + second));
        RunDirectory tuned = TinyRun.train(folder, tuning);
        assertThat(DataSources.shape(tuned.readConfig().data()))
                .isEqualTo(DataSources.shape(run.readConfig().data()));

        RunConfig anew = ConfigLoader.parse(
                Files.readString(back.config()).replaceAll("(?s)\n  columns:.*?\n(?=model:)", "\n"),
                "anew.yaml",
                List.of(start, "data.path=" + second, "data.columns={word: category, count: integer, price: log}"));
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> TinyRun.train(folder, anew))
                .withMessageContaining("was trained on rows, with other names, kinds or ranges");
    }

    private static Path table(String name, int words, long seed) throws IOException {
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>(List.of("word,count,price"));
        for (int i = 0; i < 100; i++) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%s,%d,%.6g",
                    List.of("north", "south", "west").get(random.nextInt(words)),
                    random.nextInt(9),
                    Math.exp(random.nextGaussian())));
        }
        return Files.write(folder.resolve(name + ".csv"), lines);
    }
}
