package org.likelihood4j.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.io.RunException;
import org.likelihood4j.training.TinyRun;
import tools.jackson.databind.JsonNode;

class RunDirectoryTest {
    private static final RunConfig CONFIG = TinyRun.config(TinyRun.VAE);

    @TempDir
    private Path folder;

    private static String refusal(Path runs) {
        RunException refused = catchThrowableOfType(RunException.class, () -> RunDirectory.create(runs, CONFIG));
        assertThat(refused).as("a refusal").isNotNull();
        assertThat(refused.getMessage())
                .startsWith(runs + ": cannot make a run directory there (")
                .contains("--runs")
                .doesNotContain("\n")
                .doesNotContain("Exception");
        return refused.getMessage();
    }

    @Test
    void anExistingRunIsNeverWrittenOver() throws IOException {
        Path runs = folder.resolve("new/runs");
        Files.createDirectories(runs.resolve("tiny-3"));
        Files.writeString(runs.resolve("tiny-3").resolve("mine.txt"), "kept");
        List<Path> made = IntStream.range(0, 3)
                .mapToObj(i -> RunDirectory.create(runs, CONFIG).path())
                .toList();
        assertThat(made).containsExactly(runs.resolve("tiny"), runs.resolve("tiny-2"), runs.resolve("tiny-4"));
        assertThat(runs.resolve("tiny-3").resolve("config.yaml")).doesNotExist();
        assertThat(RunDirectory.open(made.get(2)).readConfig()).isEqualTo(CONFIG);
    }

    /** All flows were flat, and no config said so. */
    @Test
    void theConfigOfAnOlderRunIsRead() throws IOException {
        RunConfig flow = TinyRun.config(TinyRun.FLOW);
        RunDirectory run = RunDirectory.create(folder, flow);
        String now = Files.readString(run.config());
        String then = now.replace("  architecture: flat\n", "");
        assertThat(then).isNotEqualTo(now);
        Files.writeString(run.config(), then);
        assertThat(run.readConfig()).isEqualTo(flow);
        assertThat(run.readConfig(List.of("training.epochs=7")).training().epochs())
                .isEqualTo(7);
    }

    @Test
    void aFileOrADeadLinkOfThatNameIsKeptToo() throws IOException {
        Files.writeString(folder.resolve("tiny"), "mine");
        Files.createSymbolicLink(folder.resolve("tiny-2"), folder.resolve("nowhere"));
        assertThat(RunDirectory.create(folder, CONFIG).path()).isEqualTo(folder.resolve("tiny-3"));
        assertThat(folder.resolve("tiny")).hasContent("mine");
    }

    @Test
    void runsThatStartTogetherGetFoldersOfTheirOwn() {
        var made = ConcurrentHashMap.<Path>newKeySet();
        IntStream.range(0, 40)
                .parallel()
                .forEach(i -> made.add(RunDirectory.create(folder, CONFIG).path()));
        assertThat(made).hasSize(40);
    }

    @Test
    void runsMayBeALinkToAnotherDisk() throws IOException {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        Path link = Files.createSymbolicLink(folder.resolve("runs"), disk);
        RunDirectory.create(link, CONFIG);
        assertThat(disk.resolve("tiny/config.yaml")).isRegularFile();
    }

    @Test
    void aFileWhereTheRunsShouldGo() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "mine");
        assertThat(refusal(file)).contains("there is a file of that name");
        refusal(file.resolve("below"));
        assertThat(file).hasContent("mine");
    }

    @Test
    void aFolderThatMustNotBeWritten() throws IOException {
        Path runs = Files.createDirectory(folder.resolve("read-only"));
        assertThat(runs.toFile().setWritable(false)).isTrue();
        try {
            // The superuser may write everywhere.
            assumeThat(Files.isWritable(runs)).isFalse();
            assertThat(refusal(runs)).contains("permission denied");
        } finally {
            assertThat(runs.toFile().setWritable(true)).isTrue();
        }
    }

    @Test
    void whatIsNotARunIsRefused() throws IOException {
        RunException missing =
                catchThrowableOfType(RunException.class, () -> RunDirectory.open(folder.resolve("none")));
        assertThat(missing).hasMessageStartingWith(folder.resolve("none") + ": no such run directory");
        RunException empty = catchThrowableOfType(RunException.class, () -> RunDirectory.open(folder));
        assertThat(empty).hasMessage(folder + ": not a run directory, it has no config.yaml");
    }

    @Test
    void everyLineOfTheMetricsIsJsonWithItsKeys() {
        RunDirectory run = TinyRun.train(folder, TinyRun.config(TinyRun.VAE, "training.validateEvery=2"));
        List<JsonNode> starts = TinyRun.lines(run, "start");
        assertThat(starts).hasSize(1);
        assertThat(starts.get(0).propertyNames())
                .containsExactly(
                        "event",
                        "time",
                        "version",
                        "steps_per_epoch",
                        "total_steps",
                        "parameters",
                        "abilities",
                        "provenance");
        assertThat(starts.get(0).get("steps_per_epoch").intValue()).isEqualTo(10);
        assertThat(starts.get(0).get("total_steps").intValue()).isEqualTo(20);
        // 784 x 16 + 16, 16 x 8 + 8, 4 x 16 + 16, 16 x 784 + 784
        assertThat(starts.get(0).get("parameters").intValue()).isEqualTo(12560 + 136 + 80 + 13328);

        String[] metrics = {"loss", "elbo", "reconstruction", "kl_analytic", "kl_sampled"};
        List<JsonNode> steps = TinyRun.lines(run, "step");
        assertThat(steps).extracting(step -> step.get("step").intValue()).containsExactly(5, 10, 15, 20);
        assertThat(steps).extracting(step -> step.get("epoch").intValue()).containsExactly(1, 1, 2, 2);
        for (JsonNode step : steps) {
            assertThat(step.propertyNames())
                    .contains(metrics)
                    .contains("event", "time", "step", "epoch", "kl", "gradient_norm", "learning_rate", "blocks")
                    .hasSize(8 + metrics.length);
            assertThat(step.get("blocks"))
                    .extracting(block -> block.get("name").stringValue())
                    .containsExactly("encoder", "decoder");
            assertThat(step.get("loss").doubleValue())
                    .isEqualTo(-step.get("elbo").doubleValue())
                    .isPositive();
        }
        List<JsonNode> epochs = TinyRun.lines(run, "epoch");
        assertThat(epochs).hasSize(2);
        assertThat(epochs.get(1).propertyNames())
                .containsExactly(
                        "event",
                        "time",
                        "epoch",
                        "step",
                        "training",
                        "validation",
                        "best",
                        "seconds",
                        "kl",
                        "kl_pooled",
                        "latents");
        assertThat(epochs.get(1).get("training").propertyNames()).containsExactly(metrics);
        assertThat(epochs.get(0).get("validation").size()).isZero();
        assertThat(epochs.get(1).get("validation").propertyNames()).containsExactly(metrics);
        JsonNode end = TinyRun.lines(run, "end").get(0);
        assertThat(end.propertyNames()).containsExactly("event", "time", "reason", "epoch", "step");
        assertThat(end.get("reason").stringValue()).isEqualTo("completed");
    }

    /** Of VAEs nothing is said, see above. */
    @Test
    void aFlowSaysTheDimensionsOfItsBits() {
        RunDirectory run = TinyRun.train(folder, TinyRun.config(TinyRun.FLOW, "training.epochs=1"));
        assertThat(TinyRun.lines(run, "start").get(0).get("dimensions").intValue())
                .isEqualTo(28 * 28);
    }

    @Test
    void theMetricsOfAnEpochAreTheMeanOfItsSteps() {
        TinyRun.Losses losses = new TinyRun.Losses();
        RunDirectory run = TinyRun.train(folder, TinyRun.config(TinyRun.VAE, "precision=float64"), losses);
        List<Double> second = losses.values.subList(10, 20);
        double mean = second.stream().mapToDouble(x -> x).average().orElseThrow();
        JsonNode epoch = TinyRun.lines(run, "epoch").get(1);
        assertThat(epoch.get("training").get("loss").doubleValue())
                .isCloseTo(mean, org.assertj.core.data.Offset.offset(1e-9));
        double lastFive = losses.meanOfLast(5);
        assertThat(TinyRun.lines(run, "step").get(3).get("loss").doubleValue())
                .isCloseTo(lastFive, org.assertj.core.data.Offset.offset(1e-9));
    }
}
