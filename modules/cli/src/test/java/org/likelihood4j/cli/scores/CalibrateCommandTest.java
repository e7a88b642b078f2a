package org.likelihood4j.cli.scores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.cli.Program;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code calibrate}, and what {@code score} then says, of rows whose distribution is known. */
class CalibrateCommandTest {
    @TempDir
    private static Path folder;

    private static Path run;

    @BeforeAll
    static void train() throws IOException {
        Path config = Files.writeString(
                folder.resolve("rows.yaml"),
                "data: {type: csv, path: '" + rows("rows.csv", 1, 2000, 0) + "', validation: 0.4, test: 0.1}\n" + """
                        model: {type: realnvp, couplings: 2, mask: halves, conditioner: {hidden: [8]}}
                        training: {epochs: 2, batchSize: 50, imagesEvery: 9}
                        evaluation: {repeats: 1}
                        """);
        Program.run("train", config, "--runs", folder.resolve("runs")).succeeded();
        run = folder.resolve("runs/rows");
    }

    /** Rows of two correlated normal columns, the first of which is shifted. */
    private static Path rows(String name, int seed, int count, double shift) throws IOException {
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>(List.of("a,b"));
        for (int i = 0; i < count; i++) {
            double a = random.nextGaussian();
            lines.add((a + shift) + "," + (0.6 * a + 0.8 * random.nextGaussian()));
        }
        return Files.write(folder.resolve(name), lines);
    }

    private static List<String[]> cells(List<String> csv) {
        return csv.stream().map(line -> line.split(",", -1)).toList();
    }

    @Test
    void alarmsAreAsRareAsWasAskedFor() throws IOException {
        Program.Result told =
                Program.run("calibrate", run, "--false-alarms", 0.02).succeeded();
        assertThat(told.text())
                .contains("800 rows, mean log_likelihood -", "expected share of false alarms 2.00%")
                .contains("wrote " + run.resolve("calibration.json"));
        Program.Result scored = Program.run(
                        "score",
                        run,
                        "--input",
                        rows("same.csv", 2, 5000, 0),
                        "--output",
                        folder.resolve("same-scores.csv"))
                .succeeded();
        List<String[]> csv = cells(Files.readAllLines(folder.resolve("same-scores.csv")));
        assertThat(csv.get(0)).containsExactly("index", "label", "log_likelihood", "p_value", "alarm", "note");
        double[] held = Program.json(run.resolve("calibration.json"), "scores");
        int alarms = 0;
        for (String[] row : csv.subList(1, csv.size())) {
            double score = -Double.parseDouble(row[2]);
            double p = (1 + Arrays.stream(held).filter(s -> s >= score).count()) / 801.0;
            assertThat(Double.parseDouble(row[3])).isEqualTo(p);
            assertThat(row[4]).isEqualTo(p <= 0.02 ? "true" : "false");
            alarms += p <= 0.02 ? 1 : 0;
        }
        // The share of the calibrated 800 is itself known to so much only.
        assertThat(alarms / 5000.0).isCloseTo(0.02, within(4 * Math.sqrt(0.02 * 0.98 * (1 / 800.0 + 1 / 5000.0))));
        assertThat(scored.text())
                .contains("alarm: " + alarms + " of 5,000 rows have a p_value of at most 0.02, where 100 would be")
                .contains("drift: their mean log_likelihood -")
                .contains(": typical, p = 0.");
        assertThat(Program.run("score", run, "--input", rows("moved.csv", 3, 300, 1))
                        .succeeded()
                        .text())
                .contains(": not typical, they are others, p = 0.0001");
        // All of them, of which each is one.
        assertThat(Program.run("score", run, "--split", "validation", "--false-alarms", 1)
                        .succeeded()
                        .text())
                .contains("alarm: 800 of 800 rows have a p_value of at most 1.0");
    }

    /** The scores are those of score, at the same noise. */
    @Test
    void theScoresAreThoseOfScore() throws IOException {
        Path digits = Program.train(Files.createDirectories(folder.resolve("digits")), Program.VAE);
        Program.run("calibrate", digits, "--score", "likelihood", "--false-alarms", 0.05)
                .succeeded();
        Program.run("score", digits, "--split", "validation", "--output", folder.resolve("digits.csv"))
                .succeeded();
        List<String[]> csv = cells(Files.readAllLines(folder.resolve("digits.csv")));
        double[] scored = csv.stream()
                .skip(1)
                .mapToDouble(row -> -Double.parseDouble(row[2]))
                .sorted()
                .toArray();
        assertThat(Program.json(digits.resolve("calibration.json"), "scores")).containsExactly(scored);
        // As many held-out examples as there are p-values: 2/41, ..., 41/41.
        assertThat(csv.stream()
                        .skip(1)
                        .mapToDouble(row -> Double.parseDouble(row[7]))
                        .sum())
                .isCloseTo((41 * 42 / 2 - 1) / 41.0, within(1e-12));
        Program.Result other = Program.run(
                        "score", digits, "--importance-samples", 5, "--output", folder.resolve("five.csv"))
                .succeeded();
        assertThat(other.text())
                .contains(
                        "warning: the calibration does not fit these scores: it is of estimates of 3 draws, and these are"
                                + " of 5; no p_value and no alarm are written; anew: ./run.sh calibrate " + digits);
        assertThat(Files.readAllLines(folder.resolve("five.csv")).get(0)).doesNotContain("p_value");
    }

    /** What tells what is typical has no score; the rest has score's own, and rates hold. */
    @Test
    void anAlarmCanBeByTypicality() throws IOException {
        Path copy = folder.resolve("typical/rows");
        Program.run("train", folder.resolve("rows.yaml"), "--runs", folder.resolve("typical"))
                .succeeded();
        assertThat(Program.run("calibrate", copy, "--score", "typicality", "--false-alarms", 0.02)
                        .succeeded()
                        .text())
                .contains("800 rows, mean typicality ", "of all but the 160 that tell what is typical")
                .contains("alarm above a typicality of ");
        double[] held = Program.json(copy.resolve("calibration.json"), "scores");
        assertThat(held).hasSize(640);
        List<String[]> own = scored(copy, "--split", "validation");
        assertThat(own.get(0))
                .containsExactly("index", "label", "log_likelihood", "typicality", "p_value", "alarm", "note");
        double[] nats = IntStream.range(0, 800)
                .mapToDouble(i -> -Double.parseDouble(own.get(i + 1)[2]))
                .toArray();
        double mean = IntStream.range(0, 800)
                .filter(i -> i % 5 == 0)
                .mapToDouble(i -> nats[i])
                .average()
                .orElseThrow();
        double[] rest = IntStream.range(0, 800)
                .filter(i -> i % 5 != 0)
                .mapToDouble(i -> Math.abs(nats[i] - mean))
                .sorted()
                .toArray();
        for (int i = 0; i < rest.length; i++) {
            assertThat(held[i]).isCloseTo(rest[i], within(1e-9));
        }
        int alarms = 0;
        for (String[] row :
                scored(copy, "--input", rows("typical.csv", 12, 5000, 0)).subList(1, 5001)) {
            double score = Math.abs(-Double.parseDouble(row[2]) - mean);
            assertThat(Double.parseDouble(row[3])).isCloseTo(score, within(1e-9));
            alarms += row[5].equals("true") ? 1 : 0;
        }
        assertThat(alarms / 5000.0).isCloseTo(0.02, within(4 * Math.sqrt(0.02 * 0.98 * (1 / 640.0 + 1 / 5000.0))));
        // Rows all at the mode are likelier than they should be, which the likelihood never says.
        Path mode = Files.writeString(folder.resolve("mode.csv"), "a,b\n" + "0,0\n".repeat(1500));
        assertThat(Program.run("score", copy, "--input", mode).succeeded().text())
                .contains(
                        "drift: their mean typicality ", " more than the calibrated ", "not typical, they are others");
    }

    private static List<String[]> scored(Path of, Object... options) {
        List<Object> arguments = new ArrayList<>(List.of("score", of, "--output", "-"));
        arguments.addAll(List.of(options));
        return cells(Program.run(arguments.toArray()).out());
    }

    /** Where bits can be counted an alarm is by both, so that what is too simple is one, too. */
    @Test
    void ofImagesAnAlarmIsByBitsToo() throws IOException {
        Path flow = Program.train(Files.createDirectories(folder.resolve("joint")), Program.FLOW);
        Program.run("calibrate", flow, "--split", "test", "--false-alarms", 0.2).succeeded();
        assertThat(Files.readString(flow.resolve("calibration.json")))
                .contains("\"score\" : \"joint_typicality\"", "\"examples\" : 6");
        double[] held = Program.json(flow.resolve("calibration.json"), "scores");
        List<String[]> own = scored(flow);
        assertThat(own.get(0)).contains("joint_typicality");
        int column = List.of(own.get(0)).indexOf("joint_typicality");
        assertThat(IntStream.range(0, 30)
                        .filter(i -> i % 5 != 0)
                        .mapToDouble(i -> Double.parseDouble(own.get(i + 1)[column]))
                        .sorted()
                        .toArray())
                .containsExactly(held);
        Path black = Files.createDirectories(folder.resolve("black"));
        ImageIO.write(
                new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY),
                "png",
                black.resolve("1.png").toFile());
        List<String[]> scored = scored(flow, "--input", black);
        String[] row = scored.get(1);
        assertThat(row[List.of(scored.get(0)).indexOf("alarm")]).isEqualTo("true");
        double least = own.stream()
                .skip(1)
                .mapToDouble(one -> -Double.parseDouble(one[2]))
                .min()
                .orElseThrow();
        // Likelier than all of the model's own.
        assertThat(-Double.parseDouble(row[List.of(scored.get(0)).indexOf("log_likelihood")]))
                .isLessThan(least);
    }

    /** As it was written before there were other scores. */
    @Test
    void anOldCalibrationIsOfTheLikelihood() throws IOException {
        Path copy = folder.resolve("old/rows");
        Program.run("train", folder.resolve("rows.yaml"), "--runs", folder.resolve("old"))
                .succeeded();
        Program.run("calibrate", copy, "--false-alarms", 0.01).succeeded();
        List<String[]> now = scored(copy);
        Path file = copy.resolve("calibration.json");
        ObjectNode tree = (ObjectNode) new JsonMapper().readTree(Files.readString(file));
        tree.remove(List.of("score", "typical"));
        Files.writeString(file, tree.toString());
        assertThat(scored(copy)).usingRecursiveComparison().isEqualTo(now);
    }

    @Test
    void aCalibrationIsOfItsWeights() throws IOException {
        Path copy = folder.resolve("again/rows");
        Program.run("train", folder.resolve("rows.yaml"), "--runs", folder.resolve("again"))
                .succeeded();
        Program.run("calibrate", copy, "--false-alarms", 0.01).succeeded();
        assertThat(Program.run("calibrate", copy, "--false-alarms", 0.01, "--checkpoint", "last", "--split", "test")
                        .succeeded()
                        .text())
                .contains("calibration-last.json; ./run.sh score " + copy + " --checkpoint last now");
        Program.run("resume", copy, "--set", "training.epochs=6").succeeded();
        assertThat(Program.run("score", copy, "--checkpoint", "last").text())
                .contains("of the weights of epoch-0002, and these are those of epoch-0006");
        Program.Result stale = Program.run("score", copy);
        assertThat(stale.exit()).isZero();
        assertThat(stale.text())
                .contains(
                        "the calibration does not fit these scores: it is of the weights of epoch-000",
                        "those of epoch-000");
        Program.run("score", copy, "--false-alarms", 0.05)
                .toldInOneLine(1, List.of("it is of the weights of", "anew: ./run.sh calibrate " + copy));
        Program.run("calibrate", copy, "--false-alarms", 0.01).succeeded();
        assertThat(Program.run("score", copy).succeeded().text()).contains("alarm: ");
    }

    /** A row whose columns are ordinary one by one, and one that is far off in one: the right columns are named. */
    @Test
    void anAlarmHasItsReasons() throws IOException {
        Path copy = folder.resolve("reasons/rows");
        Program.run(
                        "train",
                        folder.resolve("rows.yaml"),
                        "--runs",
                        folder.resolve("reasons"),
                        "--set",
                        "training.epochs=30")
                .succeeded();
        Program.run("score", copy, "--explain")
                .toldInOneLine(1, List.of("--explain is for a calibrated run; first: ./run.sh calibrate " + copy));
        Program.run("calibrate", copy, "--false-alarms", 0.01).succeeded();
        List<String> planted = new ArrayList<>(Files.readAllLines(rows("planted.csv", 5, 20, 0)));
        planted.set(4, "0.3,-9");
        planted.set(8, "7,4.2");
        Path input = Files.write(folder.resolve("planted.csv"), planted);
        Program.Result told = Program.run("score", copy, "--explain", "--input", input, "--output", "-");
        assertThat(told.exit()).isZero();
        List<String[]> csv = cells(told.out());
        assertThat(csv.get(0))
                .containsExactly(
                        "index",
                        "label",
                        "log_likelihood",
                        "p_value",
                        "alarm",
                        "reason_1",
                        "reason_1_nats",
                        "reason_2",
                        "reason_2_nats",
                        "note");
        for (String[] row : csv.subList(1, csv.size())) {
            assertThat(row[5].isEmpty()).as("%s", List.of(row)).isEqualTo(row[4].equals("false"));
        }
        // b given a is normal with deviation 0.8 and mean 0.6 a: what the attribution is in closed form, up to the
        // model's own error.
        assertThat(csv.get(4)[5]).isEqualTo("b");
        assertThat(Double.parseDouble(csv.get(4)[6]))
                .isCloseTo(nats(-9, 0.6 * 0.3), within(25.0))
                .isGreaterThan(30);
        // 4.2 is what 7 tells of b: a alone is to blame.
        assertThat(csv.get(8)[5]).isEqualTo("a");
        assertThat(told.err().stream()
                        .filter(line -> line.startsWith("the unlikeliest"))
                        .findFirst()
                        .orElseThrow())
                .startsWith("the unlikeliest, row 3, log_likelihood -")
                .contains(": b = -9, ordinarily -1.", " to 1.", " nats)");
    }

    private static double nats(double b, double mean) {
        return normal(mean, 0, 1 + 0.64) - normal(b, mean, 0.64);
    }

    private static double normal(double x, double mean, double variance) {
        return -0.5 * (Math.log(2 * Math.PI * variance) + (x - mean) * (x - mean) / variance);
    }

    /** Of images they are tiles, and a picture shows them. */
    @Test
    void ofImagesReasonsAreTilesAndDrawn() throws IOException {
        Path digits = Program.train(Files.createDirectories(folder.resolve("tiles")), Program.FLOW);
        Program.run("calibrate", digits, "--score", "likelihood", "--split", "test", "--false-alarms", 0.1)
                .succeeded();
        Program.run("score", digits, "--explain", "--false-alarms", 1, "--images", 3)
                .succeeded();
        List<String[]> csv = cells(Files.readAllLines(digits.resolve("scores-test.csv")));
        assertThat(csv).hasSize(4);
        for (String[] row : csv.subList(1, 4)) {
            assertThat(row[6]).matches("(y \\d+-\\d+ x \\d+-\\d+)?");
        }
        BufferedImage picture =
                ImageIO.read(digits.resolve("scores-test-reasons.png").toFile());
        // Three images and their maps in a row, 28 pixels twice as large and a line of two.
        assertThat(picture.getWidth()).isEqualTo(6 * (2 * 28 + 2) + 2);
        assertThat(picture.getHeight()).isEqualTo(2 * 28 + 4);
    }

    @Test
    void jsonHasWhatIsSaid() throws IOException {
        Program.Result told = Program.run("--quiet", "calibrate", run, "--json", "--false-alarms", 0.01)
                .succeeded();
        JsonNode document = new JsonMapper().readTree(told.text());
        assertThat(document.get("examples").intValue()).isEqualTo(800);
        assertThat(document.get("expectedFalseAlarms").doubleValue()).isEqualTo(8 / 801.0);
        double[] held = Program.json(run.resolve("calibration.json"), "scores");
        assertThat(document.get("score").stringValue()).isEqualTo("likelihood");
        assertThat(document.get("alarmAbove").doubleValue()).isEqualTo(held[800 - 8]);
        assertThat(document.get("source").get("data").stringValue()).isEqualTo("validation");
    }

    @Test
    void mistakesGetOneLine() throws IOException {
        refused(List.of(
                "800 rows are too few for a rate of false alarms of 0.001", "at least 999", "--false-alarms 0.002"));
        refused(List.of("must be above 0 and below 1, such as 0.001; was 1.0"), "--false-alarms", 1);
        refused(List.of("must be above 0 and below 1"), "--false-alarms", "NaN");
        refused(List.of("--split train: the model has seen these"), "--split", "train", "--false-alarms", 0.1);
        refused(
                List.of("1 rows are too few", "at least 9"),
                "--false-alarms",
                0.1,
                "--input",
                rows("one.csv", 1, 1, 0));
        refused(
                List.of("there is no alarm by complexity: the model's likelihood of rows is a density"),
                "--score",
                "complexity");
        refused(
                List.of("there is no alarm by likelihood_ratio, which is of two models"),
                "--score",
                "likelihood_ratio");
        refused(
                List.of("800 rows are too few for a rate of false alarms of 0.0013", "at least 769 beside the fifth"),
                "--score",
                "typicality",
                "--false-alarms",
                0.0013);
        Path far = Files.writeString(folder.resolve("far.csv"), "a,b\n" + "1e30,1e30\n".repeat(10));
        refused(List.of("10 of 10 rows are so far", "there is no threshold"), "--false-alarms", 0.1, "--input", far);
        Program.run("score", folder.resolve("runs/rows"), "--false-alarms", 2)
                .toldInOneLine(
                        1,
                        List.of(
                                "--false-alarms must be above 0 and below 1, such as 0.001; 1 is an alarm of all; was 2"));
        Path bare = Program.train(Files.createDirectories(folder.resolve("bare")), Program.FLOW);
        Program.run("calibrate", bare).toldInOneLine(1, List.of("the run has no validation images", "--split"));
        Program.run("score", bare, "--false-alarms", 0.1)
                .toldInOneLine(1, List.of("--false-alarms is for a calibrated run; first: ./run.sh calibrate " + bare));
        Files.writeString(bare.resolve("calibration.json"), "{\"formatVersion\": 1}");
        Program.run("score", bare)
                .toldInOneLine(1, List.of("calibration.json: not a calibration: ", "calibrate the run again"));
    }

    private static void refused(List<String> named, Object... options) {
        List<Object> arguments = new ArrayList<>(List.of("calibrate", run));
        arguments.addAll(List.of(options));
        Program.run(arguments.toArray()).toldInOneLine(1, named);
    }
}
