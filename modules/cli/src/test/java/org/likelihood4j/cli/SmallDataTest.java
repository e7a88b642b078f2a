package org.likelihood4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table with fewer training rows than the usual batch: what is not set fits, what is set is held. */
class SmallDataTest {
    private static final String TOLD =
            "training.batchSize is 19, all the training rows there are: it was not set, and they"
                    + " are fewer than 100";

    @TempDir
    private Path folder;

    private Path config;

    @BeforeEach
    void write() throws IOException {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder("a,b\n");
        for (int i = 0; i < 25; i++) {
            text.append(random.nextGaussian())
                    .append(',')
                    .append(random.nextGaussian())
                    .append('\n');
        }
        Path table = Files.writeString(folder.resolve("table.csv"), text);
        config = Files.writeString(
                folder.resolve("small.yaml"),
                "data: {type: csv, path: '" + table + "'}\n"
                        + "model: {type: realnvp, couplings: 2, mask: halves, conditioner: {hidden: [8]}}\n"
                        + "training: {epochs: 2, imagesEvery: 2}\nevaluation: {repeats: 1}\n");
    }

    @Test
    void isTrainedOnInOneBatch() throws IOException {
        Program.run("validate", config).succeeded();
        assertThat(Program.run("train", config, "--runs", folder).succeeded().out())
                .containsOnlyOnce(TOLD);
        Path run = folder.resolve("small");
        assertThat(Files.readString(run.resolve("config.yaml"))).contains("batchSize: 19\n");
        assertThat(Program.run("resume", run, "--set", "training.epochs=3")
                        .succeeded()
                        .text())
                .doesNotContain("training.batchSize")
                .contains("epoch 3/3");
        Program.run("evaluate", run).succeeded();
        Program.run("explain", config, "--runs", 1).succeeded();
    }

    @Test
    void isComparedToo() throws IOException {
        Program.Result compared = Program.run(
                "compare",
                config,
                "--vary",
                "training.batchSize=null,10",
                "--seeds",
                1,
                "--runs",
                folder.resolve("runs"));
        assertThat(compared.succeeded().out()).containsOnlyOnce(TOLD);
        Path runs = folder.resolve("runs/small-compare");
        assertThat(Files.readString(runs.resolve("batchSize-null-seed1/config.yaml")))
                .contains("batchSize: 19\n");
    }

    @Test
    void aBatchThatIsSetMustBeThere() {
        Program.run("train", config, "--runs", folder.resolve("none"), "--set", "training.batchSize=20")
                .toldInOneLine(1, List.of("training.batchSize", "must be at most the 19 training rows, was 20"));
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void whereTheNumberIsKnownValidateSaysIt() throws IOException {
        Path digits = Files.writeString(folder.resolve("digits.yaml"), "data: {train: 20}\nmodel: {type: vae}\n");
        assertThat(Program.run("validate", digits).succeeded().text()).contains("batch size 20");
        assertThat(Program.run("validate", digits, "--resolved").succeeded().text())
                .contains("  batchSize: 20");
    }

    /** With no step in an epoch of the usual batch, no cycle would have one to rise in. */
    @Test
    void validateCountsTheStepsThatTrainTakes() throws IOException {
        Path vae = Files.writeString(
                folder.resolve("cyclical.yaml"),
                "data: {type: csv, path: '" + folder.resolve("table.csv") + "'}\n"
                        + "model: {type: vae, latent: 1, likelihood: {type: gaussian}, encoder: {hidden: [8]},"
                        + " decoder: {hidden: [8]}}\n"
                        + "loss: {kl: {warmup: {type: cyclical, cycles: 4}}}\ntraining: {epochs: 6}\n");
        Program.run("validate", vae).succeeded();
        Program.run("validate", vae, "--set", "training.epochs=4")
                .toldInOneLine(1, List.of("loss.kl.warmup.cycles", "must be below the training's 4 steps"));
    }

    @Test
    void aStarterConfigFits() throws IOException {
        Path mine = folder.resolve("mine.yaml");
        Program.run("init", "--data", "csv", folder.resolve("table.csv"), "--model", "realnvp", "--output", mine)
                .succeeded();
        assertThat(Files.readString(mine)).contains("#batchSize: null");
        assertThat(Program.run("train", mine, "--runs", folder, "--set", "training.epochs=1")
                        .succeeded()
                        .out())
                .contains(TOLD);
    }
}
