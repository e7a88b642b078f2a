package org.likelihood4j.cli.scores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.cli.Program;
import org.likelihood4j.cli.terminal.Failures;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.alarm.LikelihoodScores;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ScoreCommandTest {
    @TempDir
    private static Path folder;

    private static Path vae;
    private static Path flow;

    @BeforeAll
    static void train() throws IOException {
        vae = Program.train(folder, Program.VAE);
        flow = Program.train(folder, Program.FLOW);
    }

    private static double mean(Path run, String quantity) throws IOException {
        JsonNode quantities =
                new JsonMapper().readTree(run.resolve("evaluation-test.json")).get("quantities");
        for (JsonNode one : quantities) {
            if (one.get("name").stringValue().equals(quantity)) {
                return one.get("mean").doubleValue();
            }
        }
        throw new AssertionError(quantity);
    }

    /** A column's numbers. */
    private static double[] column(List<String> csv, String name) {
        int at = List.of(csv.get(0).split(",", -1)).indexOf(name);
        return csv.stream()
                .skip(1)
                .mapToDouble(row -> Double.parseDouble(row.split(",", -1)[at]))
                .toArray();
    }

    private static double mean(List<String> csv, String name) {
        return Arrays.stream(column(csv, name)).average().orElseThrow();
    }

    @Test
    void aVaesMeansAreThoseOfEvaluate() throws IOException {
        Program.run("evaluate", vae, "--repeats", 1).succeeded();
        Program.Result result = Program.run("score", vae).succeeded();
        assertThat(result.text())
                .contains("30 images, mean log_likelihood -")
                .contains("wrote " + vae.resolve("scores-test.csv"));
        List<String> csv = Files.readAllLines(vae.resolve("scores-test.csv"));
        assertThat(csv).hasSize(31);
        assertThat(csv.get(0))
                .isEqualTo("index,label,log_likelihood,standard_error,elbo,elbo_error,effective_draws,note");
        assertThat(csv.get(30)).matches("29,\\d(,[-0-9.E]+){5},(few_draws)?");
        assertThat(mean(csv, "log_likelihood")).isCloseTo(-mean(vae, "nll"), within(1e-3));
        double[] bound = column(csv, "elbo");
        double[] estimate = column(csv, "log_likelihood");
        double[] draws = column(csv, "effective_draws");
        for (int i = 0; i < 30; i++) {
            // Of the same draws, so that Jensen's inequality holds for each image and not for their mean alone.
            assertThat(bound[i]).isLessThanOrEqualTo(estimate[i]);
            assertThat(draws[i]).isBetween(1.0, 3.0);
            assertThat(csv.get(i + 1).endsWith(",few_draws")).isEqualTo(draws[i] < 2);
        }
        // The bound's mean over 30 images and 3 draws, whose KL is sampled, within five of its standard errors.
        double error = Math.sqrt(
                        Arrays.stream(column(csv, "elbo_error")).map(e -> e * e).sum())
                / 30;
        assertThat(mean(csv, "elbo")).isCloseTo(mean(vae, "elbo"), within(5 * error + 0.5));
        long few = Arrays.stream(draws).filter(d -> d < 2).count();
        assertThat(result.text())
                .contains("warning: " + few + " of 30 images (" + Math.round(100.0 * few / 30)
                        + "%) have fewer than 2 effective draws of 3");
    }

    @Test
    void aFlowsMeansAreThoseOfEvaluate() throws IOException {
        Program.run("evaluate", flow, "--repeats", 1, "--seed", 5).succeeded();
        Program.run("score", flow, "--seed", 5, "--output", folder.resolve("new/flow.csv"))
                .succeeded();
        List<String> csv = Files.readAllLines(folder.resolve("new/flow.csv"));
        assertThat(csv.get(0)).isEqualTo("index,label,log_likelihood,bits_per_dim,note");
        assertThat(mean(csv, "log_likelihood")).isCloseTo(mean(flow, "log_likelihood"), within(1e-2));
        assertThat(mean(csv, "bits_per_dim")).isCloseTo(mean(flow, "bits_per_dim"), within(1e-4));
        double[] bits = column(csv, "bits_per_dim");
        double[] nats = column(csv, "log_likelihood");
        for (int i = 0; i < 30; i++) {
            assertThat(bits[i]).isCloseTo(-nats[i] / (784 * Math.log(2)), within(1e-12));
        }
    }

    /** Of the same draws, so that the mean of a flow's log-densities is at most the log of their mean, for each image. */
    @Test
    void severalDrawsOfAFlowsNoiseAreWeighed() throws IOException {
        Program.run("evaluate", flow, "--repeats", 1, "--importance-samples", 4).succeeded();
        Path scores = folder.resolve("drawn.csv");
        assertThat(Program.run("score", flow, "--importance-samples", 4, "--output", scores)
                        .succeeded()
                        .text())
                .contains("30 images, mean log_likelihood -", "mean bound -");
        List<String> csv = Files.readAllLines(scores);
        assertThat(csv.get(0))
                .isEqualTo(
                        "index,label,log_likelihood,bits_per_dim,standard_error,bound,bound_error,effective_draws,note");
        assertThat(mean(csv, "log_likelihood")).isCloseTo(-mean(flow, "nll"), within(1e-2));
        double[] estimate = column(csv, "log_likelihood");
        double[] bound = column(csv, "bound");
        double[] draws = column(csv, "effective_draws");
        for (int i = 0; i < 30; i++) {
            assertThat(bound[i]).isLessThan(estimate[i]);
            assertThat(draws[i]).isBetween(1.0, 4.0);
        }
    }

    @Test
    void standardOutputIsTheTableAlone() throws IOException {
        Program.Result result = Program.run("score", flow, "--output", "-", "--images", 4);
        assertThat(result.exit()).isZero();
        assertThat(result.out()).hasSize(5);
        Program.run("score", flow).succeeded();
        assertThat(Files.readAllLines(flow.resolve("scores-test.csv")).subList(0, 5))
                .isEqualTo(result.out());
    }

    @Test
    void exportLeavesItsFilesAndNeverWritesOverThem() throws IOException {
        Program.Result result = Program.run("export", flow).succeeded();
        assertThat(result.text())
                .startsWith("exported: " + flow.resolve("export"))
                .contains("README.md", "model.json", "program.json", "weights.safetensors", "config.yaml")
                .doesNotContain("onnx");
        assertThat(Program.names(flow.resolve("export")))
                .containsExactlyInAnyOrder(
                        "weights.safetensors", "program.json", "model.json", "config.yaml", "README.md");
        Program.Result again = Program.run("export", flow);
        assertThat(again.exit()).isEqualTo(Failures.FAILED);
        assertThat(again.err()).singleElement().asString().contains("exists already, and nothing is written over");
        Program.Result more = Program.run(
                        "export", flow, "--output", folder.resolve("a/b"), "--checkpoint", "last", "--onnx")
                .succeeded();
        assertThat(more.text()).contains("onnx/");
        assertThat(Program.names(folder.resolve("a/b/onnx")))
                .containsExactlyInAnyOrder(
                        "log_weight.onnx", "encode.onnx", "decode.onnx", "reconstruct.onnx", "sample.onnx");
        Program.Result none = Program.run("export", flow, "--output", folder.resolve("c"), "--checkpoint", "first");
        assertThat(none.exit()).isEqualTo(Failures.FAILED);
        assertThat(none.err()).singleElement().asString().contains("first");
        assertThat(folder.resolve("c")).doesNotExist();
        // A run is as good as before with an export in it.
        Program.run("sample", flow, "--count", 1).succeeded();
    }

    @Test
    void aSingleDrawHasNoStandardError() {
        Program.Result result = Program.run("score", vae, "--importance-samples", 1, "--images", 1, "--output", "-");
        assertThat(result.out().get(1)).matches("0,\\d,([-0-9.]+),,\\1,,1\\.0,");
        assertThat(result.err()).noneMatch(line -> line.contains("effective"));
    }

    /** One weight of 0 makes the mean of the log-weights minus infinity, but not the log of their mean. */
    @Test
    void anElboThatOverflowsIsInNoMean() {
        try (OpenedModel model = OpenedModel.open(vae)) {
            ScoreTable scores =
                    new ScoreTable(new LikelihoodScores(model, 3, model.noise()), Optional.empty(), Optional.empty());
            double nan = Double.NaN;
            assertThat(scores.cells(new double[] {-10, 0.5, -12, 0.6, 2.5}, 0))
                    .containsExactly(-10.0, 0.5, -12.0, 0.6, 2.5, "");
            assertThat(scores.cells(new double[] {-20, 0.5, nan, nan, 2.5}, 0))
                    .containsExactly(-20.0, 0.5, Double.NEGATIVE_INFINITY, "", 2.5, "elbo_overflow");
            assertThat(scores.cells(new double[] {-30, 0.5, nan, nan, 1.5}, 0))
                    .containsExactly(-30.0, 0.5, Double.NEGATIVE_INFINITY, "", 1.5, "elbo_overflow few_draws");
            assertThat(scores.summary("images"))
                    .isEqualTo("3 images, mean log_likelihood -20.0000, mean elbo -12.0000 of those that are finite");
            assertThat(scores.warnings("images").get(0))
                    .isEqualTo("2 of 3 images have draws whose log-weight overflows float32: their elbo is written as"
                            + " -Infinity, note: elbo_overflow");
        }
    }

    @Test
    void mistakesGetOneLine() throws IOException {
        refused("--importance-samples must be at least 1, was 0", "--importance-samples", 0);
        refused("--images must be at least 1, was -1", "--images", -1);
        Path taken = Files.createDirectory(folder.resolve("taken.csv"));
        refused("is a folder, expected a file name", "--output", taken);
        Path config = Files.writeString(folder.resolve("none.yaml"), Program.VAE);
        Program.run(
                        "train",
                        config,
                        "--runs",
                        folder.resolve("surrogates"),
                        "--set",
                        "model.likelihood.binarization=none",
                        "--set",
                        "training.epochs=1")
                .succeeded();
        Program.Result result = Program.run("score", folder.resolve("surrogates/tiny-vae"));
        assertThat(result.exit()).isEqualTo(Failures.FAILED);
        assertThat(result.err())
                .singleElement()
                .asString()
                .startsWith("error: the model has no likelihood")
                .contains("there is nothing to score", "binarization: none");
    }

    private static void refused(String message, Object... options) {
        Object[] arguments = new Object[options.length + 2];
        arguments[0] = "score";
        arguments[1] = vae;
        System.arraycopy(options, 0, arguments, 2, options.length);
        Program.Result result = Program.run(arguments);
        assertThat(result.exit()).isEqualTo(Failures.FAILED);
        assertThat(result.err()).singleElement().asString().contains(message);
    }
}
