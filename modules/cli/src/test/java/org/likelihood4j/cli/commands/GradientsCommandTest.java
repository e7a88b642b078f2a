package org.likelihood4j.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.cli.Program;

class GradientsCommandTest {
    @TempDir
    private Path folder;

    @Test
    void eachPartHasItsRatios() throws IOException {
        Path run = Program.train(folder, Program.VAE);
        assertThat(Program.run("gradients", run, "--k", "4,1,4", "--draws", "20", "--images", "3")
                        .succeeded()
                        .text())
                .contains("mean gradients of 3 examples, 20 draws each")
                .containsPattern("encoder +sampled +1 +\\d")
                .containsPattern("decoder +path +4 +\\d")
                .containsPattern("decoder, path: (the ratio goes as|no slope)");
        assertThat(run.resolve("gradients.json")).content().contains("\"k\" : 4", "\"noise\" : ");
        Program.run("gradients", run, "--draws", "3").toldInOneLine(1, List.of("--draws must be 20 to 1000000, was 3"));
        Program.run("gradients", run, "--k", "0").toldInOneLine(1, List.of("--k must be 1 to 100000, was 0"));
        Path flow = Program.train(folder, Program.FLOW);
        Program.run("gradients", flow).toldInOneLine(1, List.of("is no VAE"));
    }
}
