package org.likelihood4j.cli.scores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.cli.Program;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.inference.NoiseSource;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.OpenedVae;
import org.nd4j.linalg.api.ndarray.INDArray;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code evaluate --against}. */
class AgainstEvaluationTest {
    @TempDir
    private static Path folder;

    private static Path rows;
    private static Path digits;
    private static Path flow;

    @BeforeAll
    static void train() throws IOException {
        Path config = Files.writeString(
                folder.resolve("rows.yaml"),
                "data: {type: csv, path: '" + table("rows.csv", 1, 800, 0) + "', validation: 0.3, test: 0.3}\n" + """
                        model: {type: realnvp, couplings: 2, mask: halves, conditioner: {hidden: [8]}}
                        training: {epochs: 20, batchSize: 50, imagesEvery: 9}
                        """);
        Program.run("train", config, "--runs", folder.resolve("runs")).succeeded();
        rows = folder.resolve("runs/rows");
        digits = Program.train(folder, Program.VAE);
        flow = Program.train(folder, Program.FLOW.replace("validation: 0", "validation: 20"));
    }

    private static Path table(String name, int seed, int count, double shift) throws IOException {
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>(List.of("a,b"));
        for (int i = 0; i < count; i++) {
            double a = random.nextGaussian();
            lines.add((a + shift) + "," + (0.9 * a + 0.1 * random.nextGaussian() + shift));
        }
        return Files.write(folder.resolve(name), lines);
    }

    private static Map<String, Double> areas(Path run, Object... options) throws IOException {
        List<Object> arguments = new ArrayList<>(List.of("--quiet", "evaluate", run, "--json"));
        arguments.addAll(List.of(options));
        JsonNode report = new JsonMapper()
                .readTree(Program.run(arguments.toArray()).succeeded().text());
        Map<String, Double> areas = new HashMap<>();
        report.get("results")
                .valueStream()
                .forEach(result -> areas.put(
                        result.get("data").stringValue() + " "
                                + result.get("score").stringValue(),
                        result.get("auroc").doubleValue()));
        return areas;
    }

    /** The area of likelihoods is that of score's own numbers, pair by pair. */
    @Test
    void theAreaIsThatOfTheScores() throws IOException {
        Path moved = table("moved.csv", 2, 90, 1);
        double area = areas(rows, "--against", moved).get(moved + " likelihood");
        double[] own = logLikelihoods("--split", "test");
        double[] other = logLikelihoods("--input", moved);
        double pairs = 0;
        for (double x : own) {
            for (double y : other) {
                pairs += y < x ? 1 : y == x ? 0.5 : 0;
            }
        }
        assertThat(area)
                .isCloseTo(pairs / own.length / other.length, within(1e-12))
                .isGreaterThan(0.6);
    }

    private static double[] logLikelihoods(Object... options) {
        List<Object> arguments = new ArrayList<>(List.of("score", rows, "--output", "-"));
        arguments.addAll(List.of(options));
        return Program.run(arguments.toArray()).out().stream()
                .skip(1)
                .mapToDouble(line -> Double.parseDouble(line.split(",", -1)[2]))
                .toArray();
    }

    @Test
    void madeSetsOfRowsAreTold() throws IOException {
        Map<String, Double> areas = areas(rows, "--against", "noise", "--against", "shuffled");
        assertThat(areas.keySet())
                .containsExactlyInAnyOrder(
                        "noise likelihood", "noise typicality", "shuffled likelihood", "shuffled typicality");
        assertThat(areas.get("noise likelihood")).isGreaterThan(0.8);
        assertThat(areas.get("shuffled likelihood")).isGreaterThan(0.65);
    }

    @Test
    void ofImagesThereAreAllScores() throws IOException {
        Program.Result told = Program.run(
                        "evaluate",
                        flow,
                        "--against",
                        "noise",
                        "--against",
                        "black",
                        "--against",
                        "digits",
                        "--background",
                        flow)
                .succeeded();
        assertThat(told.text())
                .contains("AUROC of 30 test images against others")
                .contains("likelihood         typicality         complexity   joint_typicality   likelihood_ratio")
                .contains("calibrate takes joint_typicality")
                .contains("complexity: -log2 p(x) - bits of a lossless compressor")
                .contains("wrote " + flow.resolve("against-test.json"));
        assertThat(Arrays.stream(told.text().split("\n", -1)).filter(line -> line.startsWith("noise")))
                .singleElement()
                .asString()
                .matches("noise +30( +1.0000 \\+- 0.0000){4} +0.5000 .*");
        assertThat(Arrays.stream(told.text().split("\n", -1)).filter(line -> line.startsWith("black")))
                .singleElement()
                .asString()
                .matches("black +30 +0.0000 .* 1.0000 \\+- 0.0000 +0.5000 .*");
    }

    /** Bits are those of the binarised pixels, as the model was shown them, which are the ones that it has the likelihood of. */
    @Test
    void binarisedImagesAreComparedAsTheyAreShown() throws IOException {
        assertThat(areas(digits, "--against", "noise", "--images", 20).keySet())
                .containsExactlyInAnyOrder(
                        "noise likelihood", "noise typicality", "noise complexity", "noise joint_typicality");
        byte[] greys = new byte[5 * 784];
        new Random(1).nextBytes(greys);
        ImageShape shape = new ImageShape(1, 28, 28);
        try (OpenedModel model = OpenedModel.open(digits)) {
            OpenedVae vae = (OpenedVae) model;
            NoiseSource noise = vae.noise().startingAt(7);
            ImageSet drawn = new ImageSet(shape, greys, new int[5]);
            byte[] shown = new byte[greys.length];
            try (INDArray seen = vae.reconstruct(drawn, noise).seen()) {
                double[] pixels = seen.reshape(-1).toDoubleVector();
                for (int i = 0; i < shown.length; i++) {
                    assertThat(pixels[i]).isIn(0.0, 1.0);
                    shown[i] = (byte) (255 * pixels[i]);
                }
            }
            // Pixels that are 0 or 255 are shown as they are, whatever the noise.
            assertThat(vae.logProb(new ImageSet(shape, shown, new int[5]), 2, noise)
                            .logProb()
                            .toDoubleVector())
                    .containsExactly(vae.logProb(drawn, 2, noise).logProb().toDoubleVector());
        }
    }

    @Test
    void mistakesGetOneLine() throws IOException {
        refused(
                rows,
                List.of("there is no file or folder nonsense", "there are noise, shuffled, mnist"),
                "--against",
                "nonsense");
        refused(rows, List.of("there is no set 'blank' of rows"), "--against", "blank");
        refused(rows, List.of("--against: digits holds images of 1x28x28"), "--against", "digits");
        refused(rows, List.of("--background is for --against"), "--background", digits);
        refused(rows, List.of("the background model is of images"), "--against", "noise", "--background", digits);
        refused(rows, List.of("not for --against"), "--against", "noise", "--repeats", 3);
        Path bare = Program.train(Files.createDirectories(folder.resolve("bare")), Program.FLOW);
        assertThat(Program.run("evaluate", bare, "--against", "noise")
                        .succeeded()
                        .text())
                .contains("no typicality: the run has no validation images; ./run.sh calibrate " + bare);
    }

    private static void refused(Path run, List<String> named, Object... options) {
        List<Object> arguments = new ArrayList<>(List.of("evaluate", run));
        arguments.addAll(List.of(options));
        Program.run(arguments.toArray()).toldInOneLine(1, named);
    }
}
