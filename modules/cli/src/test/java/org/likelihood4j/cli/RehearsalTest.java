package org.likelihood4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that touch no tensor. */
class RehearsalTest {
    @TempDir
    private Path folder;

    @Test
    void everyCommandWorks() throws Exception {
        Path run = Files.createDirectory(folder.resolve("run"));
        for (List<String> command : Rehearsal.commands(run)) {
            List<String> out = Program.run(command.toArray()).succeeded().out();
            assertThat(out).as("%s", command).isNotEmpty();
            assertThat(String.join("\n", out)).as("%s", command).doesNotContain("warning: ");
        }
        assertThat(Program.run("runs", folder).succeeded().text())
                .contains("finished")
                .contains("2.5");
    }

    /**
     * Nor do they load what computes; JavaCPP's own classes know the limit of memory, which a config
     * is checked against.
     */
    @Test
    void noCommandStartsTheTensorLibrary() throws Exception {
        Path log = folder.resolve("classes");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xlog:class+load:file=" + log,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Rehearsal.class.getName(),
                        folder.resolve("work").toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        try (var lines = Files.lines(log)) {
            assertThat(lines.filter(line -> line.contains(" org.nd4j.linalg.factory.Nd4j ")
                            || line.contains(" org.bytedeco.openblas.")
                            || line.contains(" org.bytedeco.dnnl.")
                            || line.contains(" org.nd4j.nativeblas.")))
                    .isEmpty();
        }
    }
}
