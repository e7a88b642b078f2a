package org.likelihood4j.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.cli.Main;
import org.likelihood4j.cli.Program;
import org.likelihood4j.runs.RunDirectory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code compare} from the command line to its folder. */
class CompareCommandTest {
    private static final String EXTENSION = "org.bytedeco.javacpp.platform.extension";

    /** The reports on the gradients take longer than the rest of so small a training. */
    private static final String QUICK = "diagnostics: {gradientDraws: 0}\n";

    @TempDir
    private Path folder;

    private Path runs;
    private Path config;

    @BeforeEach
    void write() throws IOException {
        runs = folder.resolve("runs");
        config = Files.writeString(folder.resolve("vae.yaml"), Program.VAE + QUICK);
        Files.writeString(folder.resolve("file"), "mine");
        Files.createDirectories(folder.resolve("other/tiny-vae-compare"));
        Files.writeString(folder.resolve("other/tiny-vae-compare/notes.txt"), "mine");
        Files.writeString(folder.resolve("flow.yaml"), Program.FLOW);
    }

    private Program.Result compare(String... arguments) {
        List<Object> all = new ArrayList<>(List.of("compare", config));
        all.addAll(List.of(arguments));
        if (!all.contains("--runs")) {
            all.addAll(List.of("--runs", runs));
        }
        return Program.run(all.toArray());
    }

    /** From the table's header on. */
    private static List<String> table(Program.Result result) {
        int header = 0;
        while (!result.out().get(header).startsWith("variant ")) {
            header++;
        }
        return result.out().subList(header, result.out().size());
    }

    @Test
    void comparesAVae() throws IOException {
        String[] arguments = {
            "--vary",
            "loss.kl.estimator=analytic,path",
            "--seeds",
            "2",
            "--set",
            "training.epochs=1",
            "--set",
            "diagnostics.gradientDraws=2"
        };
        Program.Result result = compare(arguments).succeeded();
        Path compared = runs.resolve("tiny-vae-compare");
        assertThat(result.text())
                .contains(compared + ": 2 variants, 2 seeds")
                .contains(
                        "run 1 of 4: loss.kl.estimator=analytic, seed 1", "run 4 of 4: loss.kl.estimator=path, seed 2")
                .containsPattern("epoch 1/1 .*loss \\d")
                .containsPattern("test elbo -\\d+\\.\\d+ nats, nll \\d+\\.\\d+ nats; training \\d");
        assertThat(result.out().stream().filter(line -> line.startsWith("digits")))
                .as("data loaded once")
                .hasSize(1);
        assertThat(Program.names(compared))
                .containsExactly(
                        ".lock",
                        "comparison.json",
                        "comparison.txt",
                        "estimator-analytic-seed1",
                        "estimator-analytic-seed2",
                        "estimator-path-seed1",
                        "estimator-path-seed2",
                        "report.html");
        List<String> table = table(result);
        assertThat(table.get(0))
                .containsSubsequence("variant", "elbo [nats]", "difference [nats]", "nll [nats]", "step [s]");
        assertThat(table.get(1))
                .startsWith("estimator=analytic ")
                .contains("reference")
                .containsPattern("-\\d+\\.\\d+ \\+- \\d");
        assertThat(table.get(2)).startsWith("estimator=path ");
        List<String> written = Files.readAllLines(compared.resolve("comparison.txt"));
        assertThat(written).isEqualTo(table.subList(0, written.size()));
        assertThat(table)
                .endsWith("wrote " + compared.resolve("comparison.txt"), "wrote " + compared.resolve("report.html"));

        JsonNode json = new JsonMapper().readTree(Files.readString(compared.resolve("comparison.json")));
        assertThat(json.at("/settings/config/training/epochs").intValue()).isEqualTo(1);
        assertThat(json.at("/settings/config/evaluation/repeats").intValue()).isEqualTo(1);
        assertThat(json.get("results").size()).isEqualTo(4);
        // Each reports the variance of its own estimator.
        for (int i = 0; i < 4; i++) {
            JsonNode variance = json.at("/results/" + i + "/gradientVariance");
            assertThat(variance.get("estimator").stringValue()).isEqualTo(i % 2 == 0 ? "analytic" : "path");
            assertThat(variance.get("mu").doubleValue()).isPositive();
        }
        double mu = (json.at("/results/1/gradientVariance/mu").doubleValue()
                        + json.at("/results/3/gradientVariance/mu").doubleValue())
                / 2;
        assertThat(table.get(2)).contains(" " + String.format(Locale.ROOT, "%.3g", mu) + " ");
        // Each is a run like any other.
        Path run = compared.resolve(json.at("/results/3/folder").stringValue());
        assertThat(Program.names(run)).contains("checkpoints", "config.yaml", "evaluation-test.json", "log.txt");
        assertThat(RunDirectory.open(run).readConfig().seed()).isEqualTo(2);
        Program.run("sample", run).succeeded();

        Program.Result again = compare(arguments).succeeded();
        assertThat(again.text()).contains("4 of 4 runs are done").doesNotContain("run 1 of");
        assertThat(table(again)).isEqualTo(table);

        Program.Result other =
                compare("--vary", "loss.kl.estimator=analytic,path", "--seeds", "2", "--set", "training.epochs=2");
        assertThat(other.exit()).isEqualTo(1);
        assertThat(other.err())
                .containsExactly(
                        "error: " + compared.resolve("comparison.json")
                                + ": is of another comparison, its training.epochs is 1, not 2; choose another folder with --name");
        assertThat(Files.readAllLines(compared.resolve("comparison.txt"))).isEqualTo(written);
    }

    /** A VAE is trained on a column that copies another one, a flow is not; neither on a constant one. */
    @Test
    void looksAtTheDataForEveryVariant() throws IOException {
        StringBuilder copies = new StringBuilder("a,b\n");
        StringBuilder constants = new StringBuilder("a,b,c,d\n");
        for (int i = 0; i < 200; i++) {
            double value = Math.sin(i);
            copies.append(value + "," + 2 * value + "\n");
            constants.append(value + "," + 2 * value + "," + Math.cos(i * i) + ",7\n");
        }
        Path table = Files.writeString(folder.resolve("copies.csv"), copies);
        Path constant = Files.writeString(folder.resolve("constants.csv"), constants);
        Path both = Files.writeString(
                folder.resolve("both.yaml"),
                "data: {type: csv, path: '" + table
                        + "'}\nmodel: {type: vae, latent: 1, likelihood: {type: gaussian}}\n");
        String models = "model={type: vae, latent: 1, likelihood: {type: gaussian}},{type: realnvp, mask: halves}";
        Program.run("compare", both, "--vary", models, "--seeds", 1, "--runs", runs)
                .toldInOneLine(
                        1, List.of("shifted and scaled", "data.allow=[dependence]", "(variant model={type: realnvp"));
        assertThat(runs).doesNotExist();
        Program.run("compare", both, "--vary", models, "--runs", runs, "--set", "data.path='" + constant + "'")
                .toldInOneLine(1, List.of("column 'd' is always 7.0", "data.columns=[-d]"));
        assertThat(runs).doesNotExist();
    }

    @Test
    void comparesModels() throws IOException {
        Program.Result result = compare(
                        "--name",
                        "7",
                        "--seeds",
                        "1",
                        "--set",
                        "training.epochs=1",
                        // A flow has none.
                        "--set",
                        "diagnostics=null",
                        "--vary",
                        "model={type: vae, latent: 2, encoder: {hidden: [8]}, decoder: {hidden: [8]}},"
                                + "{type: realnvp, architecture: flat, couplings: 1, alpha: 0.01, conditioner: {hidden: [8]}}")
                .succeeded();
        List<String> table = table(result);
        assertThat(table.get(0)).containsSubsequence("elbo [nats]", "nll [nats]", "bits_per_dim [bits/dim]");
        assertThat(table.get(1)).containsPattern("-\\d+\\.\\d\\d \\+- - +reference .* - +reference ");
        // What the two do not share is not compared.
        assertThat(table.get(2)).containsPattern("}  +-  +-  +-  +-  +\\d+\\.\\d+ \\+- -  +-  +-  +-  +\\d");
        assertThat(runs.resolve("7-compare/comparison.txt")).isRegularFile();
    }

    @Test
    void everyVariantHasItsOwnData() throws IOException {
        Program.Result result = compare(
                        "--vary", "data.test=20,10", "--seeds", "1", "--set", "training.epochs=1", "--repeats", "2")
                .succeeded();
        assertThat(result.out().stream().filter(line -> line.startsWith("digits")))
                .hasSize(2);
        JsonNode json = new JsonMapper().readTree(Files.readString(runs.resolve("tiny-vae-compare/comparison.json")));
        assertThat(json.at("/results/0/evaluation/images").intValue()).isEqualTo(20);
        assertThat(json.at("/results/1/evaluation/images").intValue()).isEqualTo(10);
        assertThat(json.at("/results/1/evaluation/repeats").intValue()).isEqualTo(2);
    }

    @Test
    void aDivergedRunIsToldAndFails() {
        Program.Result result = compare(
                "--vary",
                "training.optimizer.learningRate=1e30,1e-4",
                "--seeds",
                "1",
                "--set",
                "training.optimizer.type=sgd");
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).containsExactly("error: 1 of 2 runs failed (see below the table)");
        assertThat(result.text())
                .contains(
                        "1 of 1 diverged",
                        "problem: learningRate-1e30-seed1: training diverged at step 2",
                        "run 2 of 2");
    }

    record Case(int exit, List<String> named, List<String> arguments) {
        @Override
        public String toString() {
            return String.join(" ", arguments);
        }
    }

    private static Case fails(String named, String... arguments) {
        return new Case(1, List.of(named.split("\\|")), List.of(arguments));
    }

    private static Case misused(String named, String... arguments) {
        return new Case(2, List.of(named), List.of(arguments));
    }

    static Stream<Case> mistakes() {
        String good = "model.latent=2,3";
        return Stream.of(
                misused("--vary"),
                misused("--seeds", "--vary", good, "--seeds", "some"),
                misused("--repeats", "--vary", good, "--repeats", "1.5"),
                misused("unknown option '--var'", "--var", good, "--vary", good),
                fails("--seeds|at least 1|0", "--vary", good, "--seeds", "0"),
                fails("--repeats|at least 1|-2", "--vary", good, "--repeats", "-2"),
                fails("--vary model.latent|KEY=VALUE", "--vary", "model.latent"),
                fails("--vary model.latent|no values", "--vary", "model.latent="),
                fails("--vary model.latent|twice", "--vary", "model.latent=2,2"),
                fails("--vary|nothing to compare", "--vary", "model.latent=2"),
                fails("--vary seed|--seeds", "--vary", "seed=1,2"),
                fails("--vary name", "--vary", "name=a,b"),
                fails("--vary model.latnt=2|did you mean 'latent'", "--vary", "model.latnt=2,3"),
                fails("--vary model.latent=0|at least 1", "--vary", "model.latent=2,0"),
                fails("model.\\u001b[31m", "--vary", "model.\u001b[31m=2,3"),
                fails("--vary two lines|KEY=VALUE", "--vary", "two\nlines"),
                fails("training.epochs|at least 1", "--vary", good, "--set", "training.epochs=0"),
                fails("name|../up", "--vary", good, "--name", "../up"),
                fails("digits|2800000", "--vary", "data.train=100,2800000"),
                fails("@file/tiny-vae-compare|--runs", "--vary", good, "--runs", "@file"),
                fails("@other/tiny-vae-compare|no comparison|--name", "--vary", good, "--runs", "@other"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsToldInOneLine(Case mistake) throws IOException {
        Program.Result result =
                compare(mistake.arguments.stream().map(this::path).toArray(String[]::new));
        assertThat(result.exit()).as("%s", result).isEqualTo(mistake.exit);
        assertThat(result.err()).as("%s", result).hasSize(mistake.exit);
        assertThat(result.err().get(0))
                .startsWith("error: ")
                .contains(mistake.named.stream().map(this::path).toList())
                .doesNotContain("Exception", "at org.");
        // What cannot start leaves nothing behind.
        assertThat(runs).doesNotExist();
        assertThat(Program.names(folder.resolve("other/tiny-vae-compare"))).containsExactly("notes.txt");
        assertThat(folder.resolve("file")).hasContent("mine");
    }

    private String path(String text) {
        return text.startsWith("@") ? folder.resolve(text.substring(1)).toString() : text;
    }

    /** A process of its own: only there do signals and shutdown hooks meet. */
    private Process start(File out, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-D" + EXTENSION + "=" + System.getProperty(EXTENSION, ""),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "compare",
                config.toString(),
                "--runs",
                runs.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(out)
                .redirectError(folder.resolve("err.txt").toFile());
        // Of which the JVM says on standard error that it has picked it up.
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        return builder.start();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Timeout(120)
    void aStoppedComparisonContinues(boolean asked) throws IOException, InterruptedException {
        // The second variant takes long enough to be met in the middle.
        String[] arguments = {
            "--vary",
            "training.epochs=1,12",
            "--seeds",
            "1",
            "--set",
            "training.imagesEvery=1000",
            "--set",
            "data.train=40"
        };
        Path compared = runs.resolve("tiny-vae-compare");
        Path metrics = compared.resolve("epochs-12-seed1/metrics.jsonl");
        File out = folder.resolve("out.txt").toFile();
        Process process = start(out, arguments);
        try {
            while (!Files.exists(metrics) || !Files.readString(metrics).contains("\"event\":\"epoch\"")) {
                assertThat(process.isAlive()).as("still running").isTrue();
                Thread.sleep(5);
            }
            if (asked) {
                process.destroy();
            } else {
                process.destroyForcibly();
            }
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isEqualTo(asked ? 143 : 137);
        assertThat(folder.resolve("err.txt")).isEmptyFile();
        if (asked) {
            assertThat(Files.readAllLines(out.toPath()))
                    .contains("interrupted: 1 of 2 runs are done; the same command continues in " + compared);
        }
        String first = Files.readString(compared.resolve("epochs-1-seed1/metrics.jsonl"));

        Program.Result rest = compare(arguments).succeeded();
        assertThat(rest.text()).contains("1 of 2 runs are done", "run 2 of 2").doesNotContain("run 1 of 2");
        assertThat(Program.names(compared)).contains("epochs-12-seed1", "epochs-12-seed1-2", "comparison.txt");
        assertThat(compared.resolve("epochs-1-seed1/metrics.jsonl")).hasContent(first);
        assertThat(Program.names(compared.resolve("epochs-12-seed1-2"))).contains("evaluation-test.json");
    }
}
