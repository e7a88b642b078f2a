package org.likelihood4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole process that is asked to end: only there do signals, shutdown hooks and the real standard output meet. */
class InterruptTest {
    private static final String EXTENSION = "org.bytedeco.javacpp.platform.extension";

    @TempDir
    private Path folder;

    @Test
    @Timeout(120)
    void aTrainingThatIsAskedToEndSavesACheckpoint() throws IOException, InterruptedException {
        Path config = Files.writeString(folder.resolve("c.yaml"), Program.VAE);
        File out = folder.resolve("out.txt").toFile();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "-D" + EXTENSION + "=" + System.getProperty(EXTENSION, ""),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "train",
                        config.toString(),
                        "--runs",
                        folder.resolve("runs").toString(),
                        "--set",
                        "training={epochs: 1000000, batchSize: 20, logEvery: 1, imagesEvery: 1000000}")
                .redirectOutput(out)
                .redirectError(folder.resolve("err.txt").toFile())
                .start();
        Path metrics = folder.resolve("runs/tiny-vae/metrics.jsonl");
        try {
            while (!Files.exists(metrics) || !Files.readString(metrics).contains("\"event\":\"step\"")) {
                assertThat(process.isAlive()).as("still running").isTrue();
                Thread.sleep(20);
            }
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        // 128 + SIGTERM: the system's own code for it, as 130 is that of Ctrl-C.
        assertThat(process.exitValue()).isEqualTo(143);
        List<String> lines = Files.readAllLines(out.toPath());
        assertThat(lines)
                .contains("interrupted: " + folder.resolve("runs/tiny-vae") + " (checkpoint saved)")
                .noneMatch(line -> line.contains("differentiated op") || line.contains("DEBUG"));
        assertThat(Files.readString(metrics)).contains("\"reason\":\"interrupted\"");
        Program.run("sample", folder.resolve("runs/tiny-vae"), "--checkpoint", "last")
                .succeeded();
    }
}
