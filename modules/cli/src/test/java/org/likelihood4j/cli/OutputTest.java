package org.likelihood4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.cli.progress.ProgressView;
import org.likelihood4j.config.schema.ConfigPage;
import org.likelihood4j.config.schema.ConfigSchema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code --json} and {@code --quiet} leave on standard output, for every command that has them. */
class OutputTest {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(tools.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    @TempDir
    private static Path folder;

    private static Path run;
    private static Path config;

    @BeforeAll
    static void train() throws IOException {
        run = Program.train(folder, Program.VAE);
        config = folder.resolve("vae.yaml");
    }

    private static JsonNode json(Object... arguments) {
        return MAPPER.readTree(Program.run(arguments).succeeded().text());
    }

    @Test
    void evaluatePrintsWhatItWrites() throws IOException {
        JsonNode printed = json("evaluate", run, "--images", 10, "--json");
        assertThat(printed).isEqualTo(MAPPER.readTree(Files.readString(run.resolve("evaluation-test.json"))));
        assertThat(printed.get("quantities").size()).isGreaterThan(4);
    }

    @Test
    void verifyPrintsEveryFinding() {
        JsonNode printed = json("verify", run, "--images", 5, "--seed", 3, "--json");
        assertThat(printed.get("passed").booleanValue()).isTrue();
        assertThat(printed.get("seed").intValue()).isEqualTo(3);
        assertThat(printed.get("findings").size()).isGreaterThan(3);
        assertThat(printed.at("/findings/0/verdict").stringValue()).isEqualTo("ok");
    }

    @Test
    void validateJudgesEachFile() throws IOException {
        JsonNode printed = json("validate", config, folder.resolve("vae.yaml"), "--json", "--resolved");
        assertThat(printed.size()).isEqualTo(2);
        assertThat(printed.at("/0/valid").booleanValue()).isTrue();
        assertThat(printed.at("/0/config/model/latent").intValue()).isEqualTo(4);
        assertThat(printed.at("/0/parameters").get("encoder/layer0/weight").toString())
                .isEqualTo("[784,16]");

        Path bad = Files.writeString(folder.resolve("bad.yaml"), "model: {type: vae}\nsed: 1\n");
        Program.Result result = Program.run("validate", bad, config, "--json");
        assertThat(result.exit()).isEqualTo(1);
        JsonNode verdicts = MAPPER.readTree(result.text());
        assertThat(verdicts.at("/0/problem").stringValue())
                .isEqualTo(bad + ":2: sed: unknown key; did you mean 'seed'?");
        assertThat(verdicts.at("/1/valid").booleanValue()).isTrue();
    }

    @Test
    void comparePrintsTheResults() {
        JsonNode printed = json(
                "compare",
                config,
                "--vary",
                "model.latent=2,3",
                "--seeds",
                1,
                "--set",
                "training.epochs=1",
                "--json",
                "--runs",
                folder.resolve("compared"));
        assertThat(printed.get("results").size()).isEqualTo(2);
        assertThat(printed.at("/results/1/outcome").stringValue()).isEqualTo("completed");
        assertThat(printed.at("/results/1/evaluation/quantities").size()).isGreaterThan(4);
    }

    @Test
    void quietLeavesResultsOnly() {
        Path runs = folder.resolve("quiet");
        assertThat(Program.run("train", config, "--quiet", "--runs", runs)
                        .succeeded()
                        .out())
                .isEmpty();
        Path trained = runs.resolve("tiny-vae");
        assertThat(Program.run("-q", "sample", trained).succeeded().out()).isEmpty();
        assertThat(Program.run("reconstruct", trained, "-q").succeeded().out()).isEmpty();
        assertThat(trained.resolve("reconstructions/test.png")).exists();
        List<String> table = Program.run("evaluate", trained, "--images", 5, "--quiet")
                .succeeded()
                .out();
        assertThat(table.get(0)).startsWith("5 test images");
        assertThat(table).anyMatch(line -> line.startsWith("nll ")).noneMatch(line -> line.startsWith("wrote"));
        assertThat(Program.run("resume", trained, "-q", "--set", "training.epochs=3")
                        .succeeded()
                        .out())
                .isEmpty();
        assertThat(Program.run("verify", trained, "-q", "--images", 5)
                        .succeeded()
                        .out())
                .last()
                .asString()
                .startsWith("all ");
    }

    @Test
    void aQuietConsoleWarnsOnStandardError() {
        Captured captured = new Captured(false);
        captured.console().warning("loud");
        captured.console().setQuiet(true);
        captured.console().warning("the disk is full");
        captured.console().line("step 1");
        captured.console().result("5");
        try (ProgressView view = captured.console().progress()) {
            view.start("steps", 2);
            view.update(1, "");
            view.message("half");
        }
        captured.console().setQuiet(false);
        captured.console().line("step 2");
        assertThat(captured.outLines()).containsExactly("warning: loud", "5", "step 2");
        assertThat(captured.errLines()).containsExactly("warning: the disk is full");
    }

    @Test
    void schemaPrintsTheSchema() {
        assertThat(Program.run("schema").succeeded().text() + "\n").isEqualTo(ConfigSchema.json());
        assertThat(Program.run("schema", "--markdown").succeeded().text() + "\n")
                .isEqualTo(ConfigPage.markdown());
    }

    @Test
    void schemaWritesAWholeFileOrNone(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("schema.json");
        Program.run("schema", "--output", file.toString()).succeeded();
        assertThat(file).content().isEqualTo(ConfigSchema.json());
        Path taken = Files.createDirectory(folder.resolve("taken.json"));
        Program.run("schema", "--output", taken.toString())
                .toldInOneLine(1, List.of(taken + ": is a folder, expected a file name such as schema.json"));
    }

    /** Every command has the common options, in its help too. */
    @Test
    void everyCommandTakesTheCommonOptions() {
        List<String> commands = Program.run("--help").succeeded().out().stream()
                .filter(line -> line.matches("  [a-z]+ {2,}.*"))
                .map(line -> line.strip().split(" ", -1)[0])
                .toList();
        assertThat(commands).hasSizeGreaterThan(12);
        for (String command : commands) {
            assertThat(Program.run(command, "--help").succeeded().text()).contains("--debug", "--quiet", "--help");
        }
    }
}
