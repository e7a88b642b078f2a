package org.likelihood4j.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.cli.Program;
import org.likelihood4j.laboratory.device.StoredSteps;

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

    /** The tests' own project. */
    private Program.Result atHome(Object... arguments) {
        System.setProperty("likelihood4j.home", folder.toString());
        try {
            return Program.run(arguments);
        } finally {
            System.clearProperty("likelihood4j.home");
        }
    }

    @Test
    void whatStepsGaveIsKeptAndComparedWith() throws IOException {
        Path configs = Files.createDirectories(folder.resolve("configs/some")).getParent();
        Path file = Files.move(config(), configs.resolve("some/small.yaml"));
        Object[] check = {"check-device", file, "--device", "cpu", "--seconds", 0};
        assertThat(atHome(check).succeeded().text()).containsPattern("small .* same +- +-");
        Object[] store = {"check-device", file, "--device", "cpu", "--seconds", 0, "--store"};
        atHome(store).succeeded();
        Path steps = configs.resolve("steps.json");
        String kept = Files.readString(steps);
        assertThat(kept).contains("\"some/small.yaml\" : {");
        assertThat(atHome(check).succeeded().text()).containsPattern("small .* same +0 +-");
        // Also by another way to it.
        Path link = Files.createSymbolicLink(folder.resolve("link"), configs).resolve("some/small.yaml");
        assertThat(atHome("check-device", link, "--device", "cpu", "--seconds", 0)
                        .succeeded()
                        .text())
                .containsPattern("small .* same +0 +-");
        // Of another step nothing is kept.
        assertThat(atHome("check-device", file, "--device", "cpu", "--seconds", 0, "--set", "training.batchSize=5")
                        .succeeded()
                        .text())
                .containsPattern("small .* same +- +-");

        Files.writeString(steps, kept.replaceFirst("\"loss\" : [^,]*", "\"loss\" : 12345"));
        Program.Result other = atHome(check);
        assertThat(other.exit()).isEqualTo(1);
        assertThat(other.text()).containsPattern("small .* same +\\d.*FAILED");
        assertThat(other.text()).contains("small.yaml: its steps are not within", "steps.json", "--store");
        // What differs is kept if that is asked for.
        atHome(store).succeeded();
        assertThat(steps).hasContent(kept);

        // A config that was edited is another one; one that is gone is forgotten.
        Files.writeString(file, Files.readString(file) + "seed: 2\n");
        assertThat(atHome(check).succeeded().text()).containsPattern("small .* same +other +-");
        Path moved = Files.move(file, configs.resolve("moved.yaml"));
        atHome("check-device", moved, "--device", "cpu", "--seconds", 0, "--store")
                .succeeded();
        assertThat(StoredSteps.read(steps).steps()).containsOnlyKeys("moved.yaml");

        Files.writeString(steps, "{\"steps\": {\"moved.yaml\": 3}}");
        atHome("check-device", moved, "--device", "cpu")
                .toldInOneLine(1, List.of("steps.json", "not what steps gave", "delete it", "--store"));
        // Which is of no use to others.
        Path elsewhere = Files.copy(moved, folder.resolve("elsewhere.yaml"));
        assertThat(atHome("check-device", elsewhere, "--device", "cpu", "--seconds", 0)
                        .succeeded()
                        .text())
                .containsPattern("elsewhere .* same +- +-");
    }

    @Test
    void onlyTheProjectsConfigsAreKept() throws IOException {
        Path elsewhere = config();
        Files.createDirectories(folder.resolve("configs"));
        atHome("check-device", elsewhere, "--device", "cpu", "--store")
                .toldInOneLine(1, List.of("small.yaml: --store keeps what the configs in", "put it there"));
        atHome("check-device", elsewhere, "--store").toldInOneLine(1, List.of("--store", "with --device cpu"));
        atHome("check-device", elsewhere, "--device", "cpu", "--store", "--set", "seed=2")
                .toldInOneLine(1, List.of("--store", "without --set"));
    }

    /** The project's own, as some processor computed them. */
    @Test
    void theProjectsStepsAreWhatIsKeptOfThem() throws IOException {
        Path configs = Path.of("../../configs");
        Map<String, String> digests = new TreeMap<>();
        StoredSteps.read(configs.resolve("steps.json"))
                .steps()
                .forEach((name, entry) -> digests.put(name, entry.config()));
        Map<String, String> expected = new TreeMap<>();
        try (Stream<Path> files = Files.walk(configs)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".yaml")).toList()) {
                expected.put(
                        configs.relativize(file).toString().replace(File.separatorChar, '/'),
                        StoredSteps.digest(Files.readString(file)));
            }
        }
        assertThat(digests)
                .as("check-device --device cpu --seconds 0 --store makes it anew")
                .isEqualTo(expected);
        System.setProperty("likelihood4j.home", "../..");
        try {
            String text = Program.run(
                            "check-device",
                            configs.resolve("toy-2d.yaml"),
                            configs.resolve("toy-table.yaml"),
                            configs.resolve("tables/vae.yaml"),
                            "--device",
                            "cpu",
                            "--seconds",
                            0)
                    .succeeded()
                    .text();
            assertThat(text.lines().filter(line -> line.matches(".* same +[0-9].*ok")))
                    .hasSize(3);
        } finally {
            System.clearProperty("likelihood4j.home");
        }
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
                .containsPattern("small .* same +- +- +- +- +ok");
    }
}
