package org.likelihood4j.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.cli.Program;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;

class InitCommandTest {
    private static final String[] TINY = {
        "--set", "data.train=200", "--set", "data.validation=40", "--set", "data.test=30", "--set", "training.epochs=1"
    };

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"vae", "realnvp"})
    void whatItWritesTrains(String model) throws IOException {
        Path file = folder.resolve("mine-" + model + ".yaml");
        Program.Result result = Program.run("init", "--data", "digits", "--model", model, "--output", file)
                .succeeded();
        assertThat(result.out().get(0)).isEqualTo("wrote " + file);
        List<String> lines = Files.readAllLines(file);
        String schema = lines.get(0).replace("# yaml-language-server: $schema=", "");
        Path named = folder.resolve(schema).normalize();
        assertThat(named).isEqualTo(Path.of("configs/schema.json").toAbsolutePath());
        assertThat(lines).contains("  type: digits", "  type: " + model, "  epochs: 10");
        assertThat(ConfigLoader.load(file, List.of()).name()).isEqualTo("mine-" + model);

        Program.run("validate", file).succeeded();
        Program.run(concat(
                        "train",
                        file.toString(),
                        "--set",
                        // A small model, for a fast test.
                        model.equals("vae")
                                ? "model.encoder.hidden=[16]"
                                : "model={type: realnvp, architecture: flat, conditioner: {hidden: [16]}}",
                        "--runs",
                        folder.resolve("runs").toString()))
                .succeeded();
        assertThat(folder.resolve("runs/mine-" + model + "/checkpoints/last")).exists();
    }

    /** A table gets the sizes and the training of the shipped configs for tables; of very many rows fewer epochs. */
    @ParameterizedTest
    @CsvSource({"realnvp, flow, 60, null, 200, 5", "vae, vae, 300, 64, 200, 5", "realnvp, flow, 80000, 64, 50, 1"})
    void aTableGetsWhatProvedGood(
            String model, String shipped, int rows, String batchSize, int epochs, int validateEvery)
            throws IOException {
        Random random = new Random(1);
        String cells = IntStream.range(0, rows)
                .mapToObj(i -> random.nextGaussian() + "," + random.nextGaussian())
                .collect(Collectors.joining("\n"));
        Path table = Files.writeString(folder.resolve("rows.csv"), "a,b\n" + cells + "\n");
        Path file = folder.resolve("mine.yaml");
        Program.run("init", "--data", "csv", table, "--model", model, "--output", file)
                .succeeded();
        // What is about time and pictures, and not about the density, is as everywhere.
        List<String> others = new ArrayList<>(List.of(
                "training.batchSize=" + batchSize,
                "training.epochs=" + epochs,
                "training.validateEvery=" + validateEvery,
                "training.imagesEvery=1",
                "training.checkpointEvery=1"));
        if (model.equals("vae")) {
            others.add("model.likelihood={type: columns}");
        } else {
            others.add("model.architecture=null");
        }
        RunConfig measured = ConfigLoader.load(Path.of("../../configs/tables/" + shipped + ".yaml"), others);
        RunConfig made = ConfigLoader.load(file, List.of());
        assertThat(made.model()).isEqualTo(measured.model());
        assertThat(made.training()).isEqualTo(measured.training());
    }

    @Test
    void nothingIsWrittenOver() throws IOException {
        Path file = folder.resolve("x.yaml");
        Program.run("init", "--output", file).succeeded();
        String before = Files.readString(file);
        Program.run("init", "--model", "realnvp", "--output", file).toldInOneLine(1, List.of("exists and is kept"));
        assertThat(file).hasContent(before);
        // Not even what is no file yet: a link would lead the text elsewhere.
        Path link = Files.createSymbolicLink(folder.resolve("link.yaml"), folder.resolve("nothing"));
        Program.run("init", "--output", link).toldInOneLine(1, List.of("exists and is kept"));
        assertThat(Program.names(folder)).containsExactly("link.yaml", "x.yaml");
    }

    @Test
    void sixLinesAreAWholeConfig() throws IOException {
        Path file = Files.writeString(folder.resolve("six.yaml"), """
                data:
                  type: digits
                model:
                  type: vae
                training:
                  epochs: 1
                """);
        Program.run(concat(
                        "train",
                        file.toString(),
                        "--runs",
                        folder.resolve("runs").toString()))
                .succeeded();
        assertThat(folder.resolve("runs/six/samples/epoch-0001.png")).exists();
    }

    private static Object[] concat(String... first) {
        return Stream.of(first, TINY).flatMap(Stream::of).toArray();
    }
}
