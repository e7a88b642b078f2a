package org.likelihood4j.toymodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.cli.Main;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.inference.OpenedFlow;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.score.Rows;
import org.likelihood4j.score.Scorer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Every command on a kind of model that the program has never heard of. */
class ProvidedModelTest {
    /** Two columns that depend on each other. */
    private static final String CONFIG = """
            name: sheared
            precision: float64
            data: {type: csv, path: %s, header: false, validation: 0.1, test: 0.2}
            model: {type: normal%s}
            training: {epochs: 4, batchSize: 20, logEvery: 5, optimizer: {type: adam, learningRate: 0.05}}
            evaluation: {repeats: 2}
            """;

    private static final int ROWS = 400;

    @TempDir
    private static Path folder;

    private static Path config;
    private static Path run;
    private static Path plain;

    private record Result(int exit, List<String> out, List<String> err) {
        Result succeeded() {
            assertThat(err).isEmpty();
            assertThat(exit).isZero();
            return this;
        }

        /** In one line on standard error. */
        void refused(String... named) {
            assertThat(exit).isNotZero();
            assertThat(err).hasSize(1);
            assertThat(err.get(0)).startsWith("error: ").contains(named).doesNotContain("Exception");
        }
    }

    private static Result run(Object... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                80);
        int exit = Main.run(console, Stream.of(arguments).map(Object::toString).toArray(String[]::new));
        return new Result(
                exit,
                out.toString(StandardCharsets.UTF_8).lines().toList(),
                err.toString(StandardCharsets.UTF_8).lines().toList());
    }

    @BeforeAll
    static void train() throws IOException {
        StringBuilder csv = new StringBuilder();
        for (int i = 0; i < ROWS; i++) {
            double angle = 2.399963 * i;
            double radius = Math.sqrt((i + 0.5) / ROWS);
            double a = radius * Math.cos(angle);
            double b = radius * Math.sin(angle);
            csv.append(1 + 2 * a).append(',').append(-1 + a + b).append('\n');
        }
        Path data = Files.writeString(folder.resolve("points.csv"), csv);
        config = Files.writeString(folder.resolve("sheared.yaml"), CONFIG.formatted(data, ""));
        Path other = Files.writeString(folder.resolve("plain.yaml"), CONFIG.formatted(data, ", latent: false"));
        run("train", config, "--runs", folder.resolve("runs")).succeeded();
        run("train", other, "--runs", folder.resolve("runs"), "--set", "name=plain")
                .succeeded();
        run = folder.resolve("runs").resolve("sheared");
        plain = folder.resolve("runs").resolve("plain");
    }

    @Test
    void aStoppedTrainingGoesOnToTheSameBits() throws IOException {
        Path runs = folder.resolve("resumed");
        run("train", config, "--runs", runs, "--set", "training.epochs=2").succeeded();
        run("resume", runs.resolve("sheared"), "--set", "training.epochs=4").succeeded();
        assertThat(weights(runs.resolve("sheared"))).isEqualTo(weights(run));
    }

    private static byte[] weights(Path run) throws IOException {
        try (Stream<Path> folders = Files.list(run.resolve("checkpoints"))) {
            Path last = folders.filter(Files::isDirectory)
                    .max(Comparator.comparing(path -> path.getFileName().toString()))
                    .orElseThrow();
            return Files.readAllBytes(last.resolve("weights.safetensors"));
        }
    }

    @Test
    void itsDensityEncodingAndDecodingAreThoseOfItsFormula() {
        try (OpenedModel model = OpenedModel.open(run, "last")) {
            double[] mean = model.weight("normal/mean").toDoubleVector();
            double[] logScale = model.weight("normal/logScale").toDoubleVector();
            double below = model.weight("normal/below1").getDouble(0);
            assertThat(mean[0]).as("it has learned").isCloseTo(1, within(0.3));
            INDArray points = Nd4j.createFromArray(new double[][] {{0.3, -2}, {1.5, 0.2}, {9, -7}});
            double[] densities = ((OpenedFlow) model).logProb(points).toDoubleVector();
            INDArray latents = model.encode(points);
            for (int i = 0; i < densities.length; i++) {
                double z1 = (points.getDouble(i, 0) - mean[0]) / Math.exp(logScale[0]);
                double z2 = (points.getDouble(i, 1) - mean[1] - below * z1) / Math.exp(logScale[1]);
                assertThat(latents.getDouble(i, 0)).isCloseTo(z1, within(1e-9));
                assertThat(latents.getDouble(i, 1)).isCloseTo(z2, within(1e-9));
                assertThat(densities[i])
                        .isCloseTo(
                                -0.5 * (z1 * z1 + z2 * z2) - Math.log(2 * Math.PI) - logScale[0] - logScale[1],
                                within(1e-9));
            }
            assertThat(model.decode(latents).equalsWithEps(points, 1e-9)).isTrue();
            INDArray samples = model.sample(20_000, 1, 3);
            double[] centre = samples.mean(0).toDoubleVector();
            assertThat(centre[0]).isCloseTo(mean[0], within(5 * Math.exp(logScale[0]) / Math.sqrt(20_000)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sample", "reconstruct", "evaluate", "score", "report", "verify", "metrics"})
    void commandsOnItsRunSucceed(String command) {
        run(command, run).succeeded();
    }

    @Test
    void verifyAuditsItAsAFlow() {
        assertThat(String.join("\n", run("verify", run).succeeded().out())).contains("the model's log-dets");
    }

    @Test
    void evaluateNamesItsOwnTerms() {
        assertThat(String.join("\n", run("evaluate", run).succeeded().out()))
                .contains("log_likelihood", "scale", "log-det of L^-1");
    }

    /** An export is of the graphs, so that whatever trains is exported, and scored without its classes. */
    @Test
    void anExportNeedsNothingOfIt() {
        Path target = folder.resolve("export");
        run("export", run, "--checkpoint", "last", "--output", target).succeeded();
        Scorer scorer = Scorer.open(target);
        try (OpenedModel model = OpenedModel.open(run, "last")) {
            double[][] points = {{0.3, -2}, {1.5, 0.2}, {9, -7}};
            double[] densities =
                    ((OpenedFlow) model).logProb(Nd4j.createFromArray(points)).toDoubleVector();
            assertThat(scorer.logProb(Rows.of(points))).containsExactly(densities, within(1e-9));
            assertThat(scorer.isExact()).isTrue();
        }
    }

    @Test
    void configsAreCheckedExplainedAndBegun() throws IOException {
        assertThat(String.join("\n", run("validate", config).succeeded().out())).contains("normal/logScale");
        assertThat(String.join(
                        "\n", run("validate", config, "--resolved").succeeded().out()))
                .contains("type: normal", "spread: 1.0", "latent: true");
        run("explain", config, "--runs", 1, "--set", "precision=float32").succeeded();
        Path made = folder.resolve("made.yaml");
        run("init", "--data", "toy", "--model", "normal", "--output", made).succeeded();
        assertThat(made).content().contains("type: normal", "#spread: 1.0", "#latent: true");
        run("validate", made).succeeded();
        assertThat(String.join("\n", run("schema").succeeded().out())).contains("\"normal\"", "\"spread\"");
    }

    @Test
    void variantsOfItAreCompared() {
        assertThat(String.join(
                        "\n",
                        run(
                                        "compare",
                                        config,
                                        "--vary",
                                        "model.spread=1,2",
                                        "--runs",
                                        folder.resolve("compared"),
                                        "--set",
                                        "training.epochs=1")
                                .succeeded()
                                .out()))
                .contains("spread=1", "spread=2");
    }

    @Test
    void itsKeysAreCheckedAsThoseOfBuiltInKinds() {
        run("validate", config, "--set", "model.spread=0").refused("model.spread", "must be positive");
        run("validate", config, "--set", "model.sprad=1").refused("unknown key", "did you mean 'spread'");
        run("validate", config, "--set", "model.type=norml").refused("did you mean 'normal'", "vae, realnvp, normal");
        run("validate", config, "--set", "loss={}").refused("loss", "a model with a KL");
        run("validate", config, "--set", "data={type: digits}").refused("rows of numbers");
    }

    @Test
    void withoutALatentItCanDoTheRest() {
        for (String command : List.of("sample", "evaluate", "score", "report", "verify")) {
            run(command, plain).succeeded();
        }
        run("reconstruct", plain).refused("has no latent space");
    }

    @Test
    void withoutALatentItsExportHasNoneEither() {
        Path target = folder.resolve("plain-export");
        run("export", plain, "--output", target).succeeded();
        assertThat(target.resolve("model.json")).content().doesNotContain("encode", "reconstruct");
        assertThat(Scorer.open(target).logProb(0.3, -2)).isFinite();
    }
}
