package org.likelihood4j.training.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.io.JsonLeaves;
import org.likelihood4j.io.safetensors.Safetensors;
import org.likelihood4j.io.safetensors.Tensor;
import org.likelihood4j.runs.EndReason;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.RunPicture;
import org.likelihood4j.training.AtStep;
import org.likelihood4j.training.TinyRun;
import org.likelihood4j.training.tensorboard.EventReader;
import org.likelihood4j.training.tensorboard.EventReader.Point;
import tools.jackson.databind.JsonNode;

/** What TensorBoard is told is what metrics.jsonl, the pictures and the checkpoints say, whatever a training went through. */
class TensorBoardTest {
    @TempDir
    private Path runs;

    private static RunConfig config(String model, String... more) {
        List<String> overrides = new ArrayList<>(List.of("tensorboard=true"));
        overrides.addAll(List.of(more));
        return TinyRun.config(model, overrides.toArray(String[]::new));
    }

    /** Scalars by tag and step; a tag has one value at a step. */
    private static Map<String, Float> scalars(RunDirectory run) throws IOException {
        Map<String, Float> scalars = new TreeMap<>();
        for (Point point : EventReader.points(run.tensorboard())) {
            if (point.value() instanceof Float value) {
                assertThat(scalars.put(point.tag() + "@" + point.step(), value))
                        .as("%s", point)
                        .isNull();
            }
        }
        return scalars;
    }

    /** The lines of metrics.jsonl as such scalars. */
    private static Map<String, Float> told(RunDirectory run) {
        Map<String, Float> told = new TreeMap<>();
        for (JsonNode line : TinyRun.lines(run, "step")) {
            JsonLeaves.of(line).forEach((path, value) -> {
                if (value.isNumber() && !path.equals("step") && !path.equals("epoch")) {
                    String tag = path.startsWith("kl.") ? "training_" + path : "training." + path;
                    told.put(tag.replace('.', '/') + "@" + line.get("step"), value.floatValue());
                }
            });
        }
        for (JsonNode line : TinyRun.lines(run, "epoch")) {
            JsonLeaves.of(line).forEach((path, value) -> {
                if (value.isNumber() && !path.equals("step") && !path.equals("epoch")) {
                    String tag = path.replaceFirst("^training\\.", "epoch.")
                            .replaceFirst("^kl\\.", "validation_kl.")
                            .replaceFirst("^seconds$", "epoch.seconds");
                    told.put(tag.replace('.', '/') + "@" + line.get("step"), value.floatValue());
                }
            });
        }
        return told;
    }

    @ParameterizedTest
    @ValueSource(strings = {TinyRun.VAE, TinyRun.FLOW})
    void everyNumberOfTheMetricsIsThere(String model) throws IOException {
        RunDirectory run = TinyRun.train(runs, config(model, "training.imagesEvery=1"));
        Map<String, Float> scalars = scalars(run);
        assertThat(scalars).containsAllEntriesOf(told(run));
        assertThat(scalars.keySet()).contains("training/learning_rate@5", "training/gradient_norm@20");
        if (model.equals(TinyRun.FLOW)) {
            // Of the loss in float64: of what is left of it in float32 the last digit may be another.
            double loss = TinyRun.lines(run, "epoch")
                    .get(1)
                    .get("validation")
                    .get("loss")
                    .doubleValue();
            assertThat(scalars.get("validation/bits_per_dim@20")).isEqualTo((float) (loss / (784 * Math.log(2))));
            JsonNode block = TinyRun.lines(run, "step").get(3).get("blocks").get(1);
            assertThat(scalars.get("blocks/" + block.get("name").stringValue() + "/log_scale/max_abs@20"))
                    .isEqualTo(block.get("log_scale").get("max_abs").floatValue());
        } else {
            assertThat(scalars.keySet()).contains("training_kl/z@5", "validation_kl/z@20", "latents/active@20");
        }
    }

    @Test
    void weightsAndLatentsAreCountedAndPicturesAreWhole() throws IOException {
        RunDirectory run = TinyRun.train(runs, config(TinyRun.VAE, "training.imagesEvery=1"));
        List<Point> points = EventReader.points(run.tensorboard());
        for (Tensor tensor : Safetensors.read(TinyRun.checkpoint(run, "last").resolve("weights.safetensors"))
                .tensors()) {
            float[] floats = tensor.toFloats();
            double[] values = new double[floats.length];
            Arrays.setAll(values, i -> floats[i]);
            Point point = last(points, "weights/" + tensor.name());
            assertThat(point.step()).isEqualTo(20);
            assertThat(point.get("num")).isEqualTo((double) values.length);
            assertThat(point.get("min")).isEqualTo(DoubleStream.of(values).min().orElseThrow());
            assertThat(point.get("max")).isEqualTo(DoubleStream.of(values).max().orElseThrow());
        }
        JsonNode latents = TinyRun.lines(run, "epoch").get(1).get("latents");
        Point kl = last(points, "latents/kl_analytic");
        double sum = 0;
        for (JsonNode value : latents.get("kl_analytic")) {
            sum += value.doubleValue();
        }
        assertThat(kl.get("num")).isEqualTo(4.0);
        assertThat(kl.get("sum")).isEqualTo(sum);
        for (int epoch = 1; epoch <= 2; epoch++) {
            long step = 10L * epoch;
            for (String folder : List.of("samples", "reconstructions", "interpolations", "traversals")) {
                byte[] png =
                        Files.readAllBytes(run.path().resolve(folder).resolve(RunDirectory.epochName(epoch) + ".png"));
                assertThat(points)
                        .filteredOn(point -> point.tag().equals(folder) && point.step() == step)
                        .singleElement()
                        .satisfies(point -> assertThat(EventReader.bytes(point.value(), "encoded_image_string"))
                                .isEqualTo(png));
            }
        }
        Point pairs = last(points, "reconstructions");
        java.awt.image.BufferedImage image = javax.imageio.ImageIO.read(
                run.picture(RunPicture.RECONSTRUCTIONS, 2).toFile());
        assertThat(pairs.get("width")).isEqualTo(image.getWidth());
        assertThat(pairs.get("height")).isEqualTo(image.getHeight());
        assertThat(pairs.get("colorspace")).isEqualTo(image.getColorModel().getNumComponents());
    }

    private static Point last(List<Point> points, String tag) {
        return points.stream()
                .filter(point -> point.tag().equals(tag))
                .reduce((first, second) -> second)
                .orElseThrow(() -> new AssertionError("no " + tag));
    }

    @Test
    void aKilledTrainingHasNoStepTwice() throws IOException {
        String[] often = {"training.checkpointEvery=3", "training.checkpointUnit=steps", "training.logEvery=1"};
        RunDirectory whole = TinyRun.train(runs, config(TinyRun.VAE, often));
        RunDirectory run = TinyRun.killedAt(runs, config(TinyRun.VAE, often), 17);
        Path first = EventReader.files(run.tensorboard()).get(0);
        // What a crash of the machine may leave.
        Files.write(first, new byte[] {77, 0, 0}, StandardOpenOption.APPEND);
        TinyRun.resume(run, List.of());
        assertThat(EventReader.files(run.tensorboard())).hasSize(2).startsWith(first);
        Map<String, Float> scalars = scalars(run);
        scalars.keySet().removeIf(tag -> tag.startsWith("epoch/seconds"));
        Map<String, Float> expected = scalars(whole);
        expected.keySet().removeIf(tag -> tag.startsWith("epoch/seconds"));
        assertThat(scalars).isEqualTo(expected);
    }

    @Test
    void stepsThatARollbackTakesAgainCountOnce() throws IOException {
        // The first step leads so far away that the second one diverges.
        RunDirectory run = TinyRun.train(
                runs,
                config(
                        TinyRun.VAE,
                        "training.logEvery=1",
                        "training.optimizer={type: sgd, learningRate: 1e30}",
                        "training.recovery={attempts: 2, factor: 1e-33}"));
        assertThat(TinyRun.lines(run, "rollback")).hasSize(1);
        assertThat(scalars(run)).containsAllEntriesOf(told(run)).containsKeys("training/loss@1", "training/loss@20");
    }

    @Test
    void nothingIsWrittenUnlessWishedAtLastWhenARunIsResumed() throws IOException {
        RunDirectory run = TinyRun.train(runs, TinyRun.config(TinyRun.VAE, "training.epochs=1"));
        assertThat(run.tensorboard()).doesNotExist();
        TinyRun.resume(run, List.of("training.epochs=2", "tensorboard=true"));
        assertThat(scalars(run).keySet())
                .contains("training/loss@15")
                .noneMatch(tag -> tag.endsWith("@10") && tag.startsWith("training/"));
    }

    @Test
    void aClockThatGoesBackChangesNoOrder() throws IOException {
        RunDirectory run = TinyRun.killedAt(runs, config(TinyRun.VAE), 12);
        Path folder = run.tensorboard();
        Files.move(EventReader.files(folder).get(0), folder.resolve("events.out.tfevents.9000000000.likelihood4j"));
        TinyRun.resume(run, List.of());
        assertThat(EventReader.files(folder).get(1).getFileName())
                .hasToString("events.out.tfevents.9000000001.likelihood4j");
    }

    @Test
    void whatADiskDoesNotTakeIsKept() throws IOException {
        RunConfig config = config(TinyRun.VAE, "training.logEvery=1");
        RunDirectory run = RunDirectory.create(runs, config);
        Path aside = runs.resolve("aside");
        TinyRun.Warnings warnings = new TinyRun.Warnings();
        Path[] file = new Path[1];
        TinyRun.trainer(
                        run,
                        config,
                        warnings,
                        new AtStep(3, () -> {
                            file[0] = EventReader.files(run.tensorboard()).get(0);
                            Files.move(file[0], aside);
                            Files.createDirectory(file[0]);
                        }),
                        new AtStep(7, () -> {
                            Files.delete(file[0]);
                            Files.move(aside, file[0]);
                        }))
                .run();
        assertThat(warnings.lines)
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith(file[0] + ": cannot be written (")
                        .contains("its events are kept in memory"));
        assertThat(scalars(run)).containsAllEntriesOf(told(run));
    }

    @Test
    void noFaultOfItsFolderEndsATraining() throws IOException {
        RunConfig config = config(TinyRun.VAE);
        RunDirectory blocked = RunDirectory.create(runs, config);
        Files.writeString(blocked.tensorboard(), "in the way");
        TinyRun.Warnings warnings = new TinyRun.Warnings();
        assertThat(TinyRun.trainer(blocked, config, warnings).run()).isEqualTo(EndReason.COMPLETED);
        assertThat(warnings.lines)
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith(blocked.tensorboard() + ": cannot be written (")
                        .endsWith("the training goes on without events for TensorBoard"));
        assertThat(blocked.tensorboard()).hasContent("in the way");

        RunDirectory deleted = RunDirectory.create(runs, config);
        TinyRun.Warnings more = new TinyRun.Warnings();
        assertThat(TinyRun.trainer(
                                deleted, config, more, new AtStep(7, () -> AtomicFiles.delete(deleted.tensorboard())))
                        .run())
                .isEqualTo(EndReason.COMPLETED);
        assertThat(more.lines)
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith(deleted.tensorboard().toString())
                        .contains(": is gone; the training goes on"));
    }
}
