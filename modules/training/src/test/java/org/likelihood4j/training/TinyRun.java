package org.likelihood4j.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.likelihood4j.data.ImageSet;
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
        return new Trainer(config, data, run, Provenance.gather(data, "tiny", config.seed()), List.of(listeners));
    }

    static RunDirectory train(Path runs, RunConfig config, TrainingListener... listeners) {
        RunDirectory run = RunDirectory.create(runs, config);
        trainer(run, config, listeners).run();
        return run;
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
    static List<double[]> intensities(ImageSet set) {
        List<double[]> images = new ArrayList<>();
        for (int i = 0; i < set.size(); i++) {
            double[] image = new double[set.shape().size()];
            for (int j = 0; j < image.length; j++) {
                image[j] = set.pixel(i, j) / 255.0;
            }
            images.add(image);
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
