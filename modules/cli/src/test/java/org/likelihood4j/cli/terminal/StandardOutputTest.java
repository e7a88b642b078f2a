package org.likelihood4j.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.cli.Main;
import org.likelihood4j.cli.Program;

/** Names of files that are none, or that this machine's locale cannot write. */
class StandardOutputTest {
    @TempDir
    private Path folder;

    private static void refused(String what, Object... arguments) {
        Program.Result result = Program.run(arguments);
        assertThat(result.exit()).isEqualTo(Failures.FAILED);
        assertThat(result.err())
                .containsExactly(
                        "error: --output -: " + what + " cannot go to standard output; give the name of a file");
        assertThat(Path.of("-")).doesNotExist();
    }

    @Test
    void rowsGoThereAndNothingElseDoes() throws IOException {
        Path config = Files.writeString(folder.resolve("toy.yaml"), """
                data: {type: toy, train: 100, validation: 20, test: 10}
                model: {type: realnvp, architecture: flat, couplings: 2, conditioner: {hidden: [8]}}
                training: {epochs: 1, batchSize: 20, imagesEvery: 9}
                """);
        Program.run("train", config, "--runs", folder).succeeded();
        Path run = folder.resolve("toy");
        Program.run("sample", run, "--count", 3).succeeded();
        Program.Result sampled = Program.run("sample", run, "--count", 3, "--output", "-");
        assertThat(sampled.out()).isEqualTo(Files.readAllLines(run.resolve("samples/seed-1-temperature-1.0.csv")));
        assertThat(sampled.err()).containsExactly("sampling 3 rows from " + run + " (best)");
        assertThat(Program.run("reconstruct", run, "--count", 2, "--output", "-")
                        .out())
                .hasSize(3);
        assertThat(Program.run("--quiet", "sample", run, "--count", 2, "--output", "-")
                        .err())
                .isEmpty();
        refused("a folder of files", "export", run, "--output", "-");
        refused("a page", "report", run, "--output", "-");
    }

    @Test
    void picturesDoNot() throws IOException {
        Path run = Program.train(folder, Program.VAE);
        for (String command : List.of("sample", "reconstruct", "traverse", "interpolate")) {
            refused("a picture (PNG)", command, run, "--output", "-");
        }
    }

    @Test
    void aZeroInAPath() {
        Program.run("validate", "a\0b.yaml").toldInOneLine(Failures.USAGE, List.of("has a zero in it"));
    }

    /** As where cron or a container starts a program: LC_ALL=C knows no letter but ASCII's. */
    @Test
    void anAccentWhereTheLocaleHasNone() throws IOException, InterruptedException {
        assumeTrue("UTF-8".equals(System.getProperty("sun.jnu.encoding")), "needs a locale that can write the name");
        Path config = Files.writeString(folder.resolve("caf\u00e9.yaml"), Program.VAE);
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "validate",
                config.toString());
        builder.environment().put("LC_ALL", "C");
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(Failures.USAGE);
        assertThat(said.lines().filter(line -> line.startsWith("error: ")))
                .singleElement()
                .asString()
                .contains("has letters that this locale cannot write", "set LC_ALL=C.UTF-8")
                .doesNotContain("Exception");
    }
}
