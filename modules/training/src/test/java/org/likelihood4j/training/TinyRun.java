package org.likelihood4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.Splits;
import org.likelihood4j.training.config.ConfigLoader;
import org.likelihood4j.training.config.DataConfig;
import org.likelihood4j.training.config.RunConfig;
import tools.jackson.databind.JsonNode;

/** Runs small enough for a test: 200 digits, ten steps an epoch, one hidden layer of 16. */
final class TinyRun {
    static final String VAE = "model: {type: vae, latent: 4, encoder: {hidden: [16]}, decoder: {hidden: [16]}}\n";

    static final String FLOW = "model: {type: realnvp, couplings: 2, conditioner: {hidden: [16]}, alpha: 0.01}\n";

    private static final String REST = """
            name: tiny
            data: {type: digits, train: 200, validation: 40, test: 30}
            training: {epochs: 2, batchSize: 20, logEvery: 5, imagesEvery: 1000}
            evaluation: {importanceSamples: 5, repeats: 2, batchSize: 16}
            """;

    private static final Map<DataConfig, Splits> DATA = new ConcurrentHashMap<>();

    private TinyRun() {}

    static RunConfig config(String model, String... overrides) {
        // Without the report on the gradients, which takes longer than the training.
        String diagnostics = model.equals(VAE) ? "diagnostics: {gradientDraws: 0}\n" : "";
        return ConfigLoader.parse(REST + model + diagnostics, "tiny.yaml", List.of(overrides));
    }

    /** The images, painted once for each data section. */
    static Splits data(RunConfig config) {
        return DATA.computeIfAbsent(
                config.data(), data -> DataLoading.source(data, Path.of("none")).load(ProgressListener.none()));
    }

    static Trainer trainer(RunDirectory run, RunConfig config, TrainingListener... listeners) {
        Splits data = data(config);
        return new Trainer(config, data, run, EnvironmentProvenance.gather(data, "tiny", config), List.of(listeners));
    }

    static RunDirectory train(Path runs, RunConfig config, TrainingListener... listeners) {
        RunDirectory run = RunDirectory.create(runs, config);
        trainer(run, config, listeners).run();
        return run;
    }

    /** Goes on with a run in this process, with its configuration but for the overrides. */
    static EndReason resume(RunDirectory run, List<String> overrides, TrainingListener... listeners) {
        return trainer(run, ConfigLoader.load(run.config(), overrides), listeners)
                .resume();
    }

    /** Starts a run whose process ends at a step without a word, as if it had been killed. */
    static RunDirectory killedAt(Path runs, RunConfig config, long step) {
        RunDirectory run = RunDirectory.create(runs, config);
        assertThatExceptionOfType(Killed.class)
                .isThrownBy(() -> trainer(run, config, new Kill(step)).run());
        return run;
    }

    static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Ends a training at a step, after its line has been written. */
    record Kill(long step) implements TrainingListener {
        @Override
        public void stepped(Step done) {
            if (done.step() == step) {
                throw new Killed();
            }
        }
    }

    /** Remembers what it was told. */
    static final class Warnings implements TrainingListener {
        final List<String> lines = new ArrayList<>();

        @Override
        public void warned(String warning) {
            lines.add(warning);
        }
    }

    /** The lines of steps and epochs, without what depends on the clock. */
    static List<String> numbers(RunDirectory run) throws IOException {
        return Files.readAllLines(run.metrics()).stream()
                .filter(line -> line.startsWith("{\"event\":\"step\"") || line.startsWith("{\"event\":\"epoch\""))
                .map(TinyRun::withoutTimes)
                .toList();
    }

    static String withoutTimes(String line) {
        return line.replaceAll("\"time\":\"[^\"]*\",?", "").replaceAll("\"seconds\":[-0-9.E]+", "");
    }

    static byte[] bytes(RunDirectory run, String file) throws IOException {
        return Files.readAllBytes(checkpoint(run, "last").resolve(file));
    }

    /** Both ended with the same bits: weights, averages, buffers, moments, best epoch, and every number that was logged. */
    static void assertSame(RunDirectory run, RunDirectory other) throws IOException {
        assertThat(numbers(run)).isEqualTo(numbers(other));
        for (String name : List.of("last", "best")) {
            assertThat(checkpoint(run, name).getFileName())
                    .isEqualTo(checkpoint(other, name).getFileName());
            for (String file : List.of("weights.safetensors", "optimizer.safetensors")) {
                assertThat(checkpoint(run, name).resolve(file))
                        .hasSameBinaryContentAs(checkpoint(other, name).resolve(file));
            }
        }
        assertThat(CheckpointFolder.readState(checkpoint(run, "last")))
                .isEqualTo(CheckpointFolder.readState(checkpoint(other, "last")));
    }

    static TrainedModel open(RunDirectory run, String checkpoint) {
        return TrainedModel.open(run, checkpoint, data(run.readConfig()).train().shape());
    }

    static Path checkpoint(RunDirectory run, String name) {
        return new Checkpoints(run).locate(name);
    }

    static List<String> checkpointFiles(RunDirectory run) throws IOException {
        try (var children = Files.list(run.path().resolve("checkpoints"))) {
            return children.map(child -> child.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    /** The lines of metrics.jsonl for one event. */
    static List<JsonNode> lines(RunDirectory run, String event) {
        try {
            return Files.readAllLines(run.metrics()).stream()
                    .map(Json.LINE::readTree)
                    .filter(line -> line.get("event").stringValue().equals(event))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The intensities pixel/255 of every image of a set. */
    static List<double[]> intensities(Examples set) {
        List<double[]> images = new ArrayList<>();
        for (int i = 0; i < set.size(); i++) {
            images.add(Arrays.stream(set.values(i)).map(pixel -> pixel / 255.0).toArray());
        }
        return images;
    }

    /** Remembers the loss of every step. */
    static final class Losses implements TrainingListener {
        final List<Double> values = new ArrayList<>();

        @Override
        public void stepped(Step step) {
            values.add(step.loss());
        }

        double meanOfLast(int count) {
            return values.subList(values.size() - count, values.size()).stream()
                    .mapToDouble(Double::doubleValue)
                    .average()
                    .orElseThrow();
        }
    }
}
