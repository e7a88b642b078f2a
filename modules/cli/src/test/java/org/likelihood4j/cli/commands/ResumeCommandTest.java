package org.likelihood4j.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.cli.Program;
import org.likelihood4j.cli.terminal.Failures;

class ResumeCommandTest {
    @TempDir
    private Path folder;

    @Test
    void saysWhatThereIsToDoAndMakesARunLonger() throws IOException {
        Path run = Program.train(folder, Program.FLOW);
        assertThat(Program.run("resume", run).succeeded().text())
                .contains(run + ": nothing to resume, it ended after epoch 2; to go on: ./run.sh resume " + run
                        + " --set training.epochs=4");
        Program.Result refused = Program.run("resume", run, "--set", "model.couplings=3");
        assertThat(refused.exit()).isEqualTo(Failures.FAILED);
        assertThat(refused.err())
                .singleElement()
                .asString()
                .startsWith(
                        "error: model.couplings: cannot change when a run is resumed; what can: device, precision, training.epochs,");
        assertThat(Program.run("resume", run, "--set", "training.epochs=3")
                        .succeeded()
                        .text())
                .contains("resuming after step 20 of 30, in epoch 3", "epoch 3/3", "completed: " + run);
        assertThat(Files.readString(run.resolve("config.yaml"))).contains("epochs: 3");
    }

    @Test
    void aDamagedCheckpointIsToldOfOnce() throws IOException {
        Path run = Program.train(folder, Program.VAE);
        Files.delete(run.resolve("checkpoints/epoch-0002/state.json"));
        assertThat(Program.run("resume", run).succeeded().out())
                .filteredOn(line -> line.contains("damaged"))
                .containsExactly("warning: " + run.resolve("checkpoints/epoch-0002")
                        + ": damaged (state.json: no such file or folder); it is kept as epoch-0002.damaged, and"
                        + " epoch-0001 is used");
    }

    @Test
    void whatIsNoRunIsRefused() {
        assertThat(Program.run("resume", folder.resolve("none")).err())
                .singleElement()
                .asString()
                .contains("no such run directory");
    }

    @Test
    void aLogThatCannotBeWrittenIsToldOf() throws IOException {
        Path run = Program.train(folder, Program.FLOW);
        Files.delete(run.resolve("log.txt"));
        Files.createDirectory(run.resolve("log.txt"));
        assertThat(Program.run("resume", run, "--set", "training.epochs=3")
                        .succeeded()
                        .text())
                .contains("warning: ", "log.txt", "; the training goes on without this log", "completed: ");
    }
}
