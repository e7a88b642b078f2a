package org.likelihood4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training that ends with finite numbers and a model worse than the untrained one. */
class WorseTrainingTest {
    @TempDir
    private Path folder;

    @Test
    void isNoSuccess() throws IOException {
        Path config = Files.writeString(folder.resolve("flow.yaml"), Program.FLOW);
        Program.Result trained =
                Program.run("train", config, "--runs", folder, "--set", "training.optimizer.learningRate=10");
        assertThat(trained.exit()).isEqualTo(1);
        assertThat(trained.out())
                .filteredOn(line -> line.startsWith("warning: "))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("warning: after epoch 1 the loss of training data is ")
                        .contains("of the untrained model; lower training.optimizer.learningRate"));
        Path run = folder.resolve("tiny-flow");
        assertThat(trained.text()).contains("worse than at start: " + run);
        assertThat(Files.readString(run.resolve("report.html"))).contains("worse_than_at_start");
        assertThat(Program.run("runs", folder).succeeded().text()).contains("worse than at its start");
        Program.Result again = Program.run("resume", run);
        assertThat(again.exit()).isEqualTo(1);
        assertThat(again.text()).contains("nothing to resume", "--set training.epochs=4");
        Program.run("evaluate", run);
    }
}
