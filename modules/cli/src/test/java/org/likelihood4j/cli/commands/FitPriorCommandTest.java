package org.likelihood4j.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.cli.Program;
import org.likelihood4j.runs.Evaluation;
import org.likelihood4j.runs.RunDirectory;

class FitPriorCommandTest {
    @TempDir
    private static Path folder;

    /** The reconstruction is the same number; bound and KL differ by the same. */
    @Test
    void aPriorIsFittedAndCompared() throws IOException {
        // Long enough for a KL that there is something to gain of.
        Path config = Files.writeString(folder.resolve("longer.yaml"), Program.VAE);
        Path runs = folder.resolve("runs");
        Program.run("train", config, "--set", "training.epochs=10", "--runs", runs)
                .succeeded();
        Path before = runs.resolve("tiny-vae");
        Program.run("evaluate", before, "--repeats", 1).succeeded();
        Program.Result result = Program.run(
                        "fit-prior",
                        before,
                        "--prior",
                        "mixture",
                        "--epochs",
                        "3",
                        "--runs",
                        runs,
                        "--set",
                        "model.prior.components=4",
                        "--set",
                        "training.optimizer.learningRate=0.02")
                .succeeded();
        Path after = runs.resolve("tiny-vae-prior");
        assertThat(after.resolve("samples/before.png")).isNotEmptyFile();
        assertThat(after.resolve("samples/after.png")).isNotEmptyFile();
        assertThat(after.resolve("config.yaml")).content().contains("components: 4", "only: prior");
        Evaluation old = Evaluation.read(RunDirectory.open(before), "test");
        Evaluation fitted = Evaluation.read(RunDirectory.open(after), "test");
        assertThat(fitted.quantity("reconstruction").mean())
                .isEqualTo(old.quantity("reconstruction").mean());
        assertThat(fitted.quantity("kl_sampled").mean())
                .isLessThan(old.quantity("kl_sampled").mean());
        assertThat(result.text())
                .contains("30 test examples, the same noise")
                .containsPattern("elbo +-\\d+\\.\\d{4} \\(\\d+\\.\\d{4}\\) +-\\d+\\.\\d{4} \\(\\d+\\.\\d{4}\\) +\\+\\d")
                .containsPattern("reconstruction .* \\+0\\.0000 +nats");
        // A second one has a folder of its own, and does not write over the first one's figures.
        Program.run("fit-prior", before, "--epochs", "1", "--images", "5", "--runs", runs)
                .succeeded();
        assertThat(Files.isDirectory(runs.resolve("tiny-vae-prior-2"))).isTrue();
        assertThat(Evaluation.read(RunDirectory.open(before), "test")).isEqualTo(old);
    }

    @Test
    void whatHasNoPriorIsToldInALine() throws IOException {
        Path flow = Program.train(folder, Program.FLOW);
        Program.run("fit-prior", flow).toldInOneLine(1, List.of(flow.toString(), "is no VAE"));
        Program.run("fit-prior", flow, "--epochs", "0").toldInOneLine(1, List.of("--epochs must be at least 1, was 0"));
        Program.run("fit-prior", folder.resolve("none")).toldInOneLine(1, List.of("none", "no such run"));
    }
}
