package org.likelihood4j.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.cli.Program;

/** The command with the processor in the device's place, and where there is no card. */
class CheckDeviceCommandTest {
    @TempDir
    private Path folder;

    private Path config() throws IOException {
        return Files.writeString(folder.resolve("small.yaml"), """
                model: {type: realnvp, couplings: 2, conditioner: {hidden: [8]}}
                data: {type: toy, density: ring, train: 100}
                training: {batchSize: 10}
                """);
    }

    @Test
    void comparesEachConfigOfAFolder() throws IOException {
        config();
        Files.writeString(folder.resolve("another.yaml"), "model: {type: vae}\n");
        assertThat(Program.run("check-device", folder, "--device", "cpu", "--seconds", 0.01)
                        .succeeded()
                        .text())
                .contains("\nanother ", "\nsmall ", " same ", "all 2 configs agree");
    }

    /** As the project's own configs for tables of any kind. */
    @Test
    void aTableThatIsNotHereIsStoodInFor() throws IOException {
        Path table = Files.writeString(
                folder.resolve("table.yaml"),
                "data: {type: csv, path: nowhere.csv}\nmodel: {type: realnvp, couplings: 2}\ntraining: {batchSize: 10}\n");
        assertThat(Program.run("check-device", table, "--device", "cpu", "--seconds", 0.01)
                        .succeeded()
                        .text())
                .contains("table: nowhere.csv is not here: rows of 8 numbers in its place", "all 1 configs agree");
    }

    /** It counts, and the others are compared all the same. */
    @Test
    void oneThatCannotBeComparedKeepsNobodyFromTheOthers() throws IOException {
        config();
        Files.writeString(folder.resolve("broken.yaml"), """
                model: {type: realnvp, architecture: autoregressive}
                data: {type: digits}
                """);
        Program.Result result = Program.run("check-device", folder, "--device", "cpu", "--seconds", 0.01);
        assertThat(result.text()).contains("broken: model.architecture: autoregressive is for tables", "\nsmall ");
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).containsExactly("error: 1 of 2 configs differ, or could not be compared");
        Program.run("check-device", folder.resolve("broken.yaml"), "--device", "cpu")
                .toldInOneLine(1, List.of("model.architecture", "autoregressive is for tables"));
    }

    @Test
    void withoutACardItEndsInOneLine() throws IOException {
        Program.run("check-device", config()).toldInOneLine(1, List.of("device: cuda", "use cpu"));
    }

    @Test
    void whatCannotBeCheckedIsSaid() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        Program.run("check-device", empty, "--device", "cpu")
                .toldInOneLine(1, List.of("empty", "no .yaml file is there"));
        Program.run("check-device", config(), "--seconds", -1)
                .toldInOneLine(1, List.of("--seconds", "between 0 and 60"));
    }

    @Test
    void nothingIsTimedInNoSeconds() throws IOException {
        assertThat(Program.run("check-device", config(), "--device", "cpu", "--seconds", 0)
                        .succeeded()
                        .text())
                .containsPattern("small .* same +- +- +- +ok");
    }
}
