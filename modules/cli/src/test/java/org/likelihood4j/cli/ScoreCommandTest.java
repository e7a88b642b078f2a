package org.likelihood4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
                .contains("30 images, mean elbo -")
                .contains("wrote " + vae.resolve("scores-test.csv"));
        List<String> csv = Files.readAllLines(vae.resolve("scores-test.csv"));
        assertThat(csv).hasSize(31);
        assertThat(csv.get(0)).isEqualTo("index,label,elbo,log_likelihood,standard_error,effective_draws");
        assertThat(csv.get(30)).matches("29,\\d(,[-0-9.E]+){4}");
        assertThat(mean(csv, "elbo")).isCloseTo(mean(vae, "elbo"), within(1e-3));
        assertThat(mean(csv, "log_likelihood")).isCloseTo(-mean(vae, "nll"), within(1e-3));
        for (double draws : column(csv, "effective_draws")) {
            assertThat(draws).isBetween(1.0, 3.0);
        }
    }

    @Test
    void aFlowsMeansAreThoseOfEvaluate() throws IOException {
        Program.run("evaluate", flow, "--repeats", 1, "--seed", 5).succeeded();
        Program.run("score", flow, "--seed", 5, "--output", folder.resolve("new/flow.csv"))
                .succeeded();
        List<String> csv = Files.readAllLines(folder.resolve("new/flow.csv"));
        assertThat(csv.get(0)).isEqualTo("index,label,log_likelihood,bits_per_dim");
        assertThat(mean(csv, "log_likelihood")).isCloseTo(mean(flow, "log_likelihood"), within(1e-2));
        assertThat(mean(csv, "bits_per_dim")).isCloseTo(mean(flow, "bits_per_dim"), within(1e-4));
        double[] bits = column(csv, "bits_per_dim");
        double[] nats = column(csv, "log_likelihood");
        for (int i = 0; i < 30; i++) {
            assertThat(bits[i]).isCloseTo(-nats[i] / (784 * Math.log(2)), within(1e-12));
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
    void otherDataAreScored() throws IOException {
        Program.run(
                        "score",
                        vae,
                        "--data",
                        "digits",
                        "--set",
                        "data.test=7",
                        "--set",
                        "data.train=1",
                        "--set",
                        "data.seed=9")
                .succeeded();
        List<String> csv = Files.readAllLines(vae.resolve("scores-digits-test.csv"));
        assertThat(csv).hasSize(8);
        Program.run("score", vae, "--set", "data.test=7", "--set", "data.seed=9")
                .succeeded();
        assertThat(Files.readAllLines(vae.resolve("scores-other-test.csv"))).isEqualTo(csv);
    }

    @Test
    void exportLeavesTwoFilesAndNeverWritesOverThem() throws IOException {
        Program.Result result = Program.run("export", flow).succeeded();
        assertThat(result.text()).isEqualTo("wrote " + flow.resolve("export/weights.safetensors") + " and model.json");
        assertThat(Program.names(flow.resolve("export")))
                .containsExactlyInAnyOrder("weights.safetensors", "model.json");
        Program.Result again = Program.run("export", flow);
        assertThat(again.exit()).isEqualTo(Failures.FAILED);
        assertThat(again.err()).singleElement().asString().contains("exists already, and nothing is written over");
        Program.run("export", flow, "--output", folder.resolve("a/b"), "--checkpoint", "last")
                .succeeded();
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
        assertThat(result.out().get(1)).matches("0,\\d,[-0-9.]+,[-0-9.]+,,1\\.0");
    }

    @Test
    void mistakesGetOneLine() throws IOException {
        refused(
                "--set changes only the data here, with keys such as data.path; was 'training.epochs=3'",
                "--set",
                "training.epochs=3");
        refused("unknown value \"minst\"; allowed: mnist,", "--data", "minst");
        refused("data.nonsense: unknown key", "--set", "data.nonsense=3");
        refused("--importance-samples must be at least 1, was 0", "--importance-samples", 0);
        refused("--images must be at least 1, was -1", "--images", -1);
        refused("is a folder, expected a file name", "--output", folder);
        refused("no such folder", "--data", "images", "--set", "data.path=" + folder.resolve("none"));
        Path table = folder.resolve("t.npy");
        Files.write(table, npy(3));
        refused(
                "the data are rows of 3 columns, but the run 'tiny-vae' was trained on images of 1x28x28",
                "--data",
                "npy",
                "--set",
                "data.path=" + table);
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
        assertThat(result.err()).singleElement().asString().contains("there is nothing to score");
    }

    /** Twenty rows of float64. */
    private static byte[] npy(int columns) {
        String header = "{'descr': '<f8', 'fortran_order': False, 'shape': (20, " + columns + "), }";
        header += " ".repeat(117 - header.length()) + "\n";
        ByteBuffer bytes = java.nio.ByteBuffer.allocate(128 + 8 * 20 * columns).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put((byte) 0x93)
                .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 1)
                .put((byte) 0);
        bytes.putShort((short) 118).put(header.getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < 20 * columns; i++) {
            bytes.putDouble(Math.sin(i));
        }
        return bytes.array();
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
