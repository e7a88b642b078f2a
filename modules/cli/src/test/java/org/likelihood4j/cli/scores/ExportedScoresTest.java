package org.likelihood4j.cli.scores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.cli.Program;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.score.Rows;
import org.likelihood4j.score.Score;
import org.likelihood4j.score.Scorer;
import org.likelihood4j.score.files.ExportException;

/** An export scores a table of all kinds of columns, cell by cell, as {@code score} does, and draws as {@code sample} does. */
class ExportedScoresTest {
    private static final int ROWS = 40;
    private static final List<String> NAMES = List.of("word", "member", "count", "amount", "day", "price");

    @TempDir
    private static Path folder;

    private static Path table;

    @BeforeAll
    static void writeTable() throws IOException {
        Random random = new Random(1);
        List<String> lines = new ArrayList<>(List.of(String.join(",", NAMES)));
        for (int i = 0; i < 400; i++) {
            double a = random.nextGaussian();
            lines.add(String.format(
                    Locale.ROOT,
                    "%s,%s,%d,%.6g,2024-%02d-%02d,%.6g",
                    List.of("north", "south", "west").get(random.nextInt(3)),
                    random.nextBoolean() ? "yes" : "no",
                    random.nextInt(9),
                    a,
                    1 + random.nextInt(12),
                    1 + random.nextInt(28),
                    Math.exp(a + random.nextGaussian())));
        }
        table = Files.write(folder.resolve("table.csv"), lines);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            flow   | type: realnvp, couplings: 2, conditioner: {hidden: [8]}
            normal | type: realnvp, couplings: 2, marginals: gaussian, conditioner: {hidden: [8]}
            told   | type: realnvp, couplings: 2, conditioner: {hidden: [8]}, condition: [word, count]
            vae    | type: vae, latent: 3, encoder: {hidden: [8]}, decoder: {hidden: [8]}, likelihood: {type: columns}
            """)
    void aTableIsScoredAsByTheProgram(String name, String model) throws IOException {
        Path config = Files.writeString(
                folder.resolve(name + ".yaml"),
                "data: {type: csv, path: '" + table
                        + "', validation: 0.3, test: 0.1, columns: {word: category, member: boolean, count: integer, amount: number, day: date, price: log}}\n"
                        + "model: {" + model + "}\n" + """
                        precision: float64
                        training: {epochs: 2, batchSize: 20, imagesEvery: 9}
                        evaluation: {repeats: 1, importanceSamples: 7}
                        """);
        Program.run("train", config, "--runs", folder.resolve("runs")).succeeded();
        Path run = folder.resolve("runs").resolve(name);
        Program.run("calibrate", run, "--score", "likelihood", "--false-alarms", 0.1)
                .succeeded();
        Path scores = folder.resolve(name + "-scores.csv");
        Program.run("score", run, "--input", table, "--output", scores).succeeded();
        Path export = folder.resolve(name + "-export");
        Program.run("export", run, "--output", export).succeeded();

        Scorer scorer = Scorer.open(export);
        List<double[]> rows = new ArrayList<>();
        for (String line : Files.readAllLines(table).subList(1, 1 + ROWS)) {
            rows.add(scorer.row(cells(line)));
        }
        Score[] computed = scorer.score(Rows.of(rows.toArray(double[][]::new)));
        assertRefuses(scorer, cells(Files.readAllLines(table).get(1)));
        List<String> csv = Files.readAllLines(scores);
        List<String> header = List.of(csv.get(0).split(",", -1));
        for (int i = 0; i < ROWS; i++) {
            List<String> expected = List.of(csv.get(i + 1).split(",", -1));
            double logProb = Double.parseDouble(expected.get(header.indexOf("log_likelihood")));
            assertThat(computed[i].logProb()).isCloseTo(logProb, within(1e-9 * Math.abs(logProb)));
            assertThat(computed[i].standardError())
                    .isCloseTo(Double.parseDouble(expected.get(header.indexOf("standard_error"))), within(1e-7));
            assertThat(scorer.pValue(logProb)).isEqualTo(Double.parseDouble(expected.get(header.indexOf("p_value"))));
            assertThat(scorer.isAlarm(logProb)).isEqualTo(Boolean.parseBoolean(expected.get(header.indexOf("alarm"))));
        }
    }

    /** Of the columns that it is told it draws the others, as {@code sample --given-rows} does; what stands in those is not looked at. */
    @Test
    void rowsAreDrawnGivenColumns() throws IOException {
        Path config = Files.writeString(
                folder.resolve("given.yaml"),
                "data: {type: csv, path: '" + table
                        + "', validation: 0.3, test: 0.1, columns: {word: category, member: boolean, count: integer, amount: number, day: date, price: log}}\n"
                        + "model: {type: realnvp, couplings: 2, conditioner: {hidden: [8]}, condition: [word, count]}\n"
                        + "precision: float64\ntraining: {epochs: 1, batchSize: 20, imagesEvery: 9}\n");
        Program.run("train", config, "--runs", folder.resolve("runs")).succeeded();
        Path run = folder.resolve("runs/given");
        Path drawn = folder.resolve("drawn.csv");
        Program.run("sample", run, "--given-rows", table, "--seed", 7, "--output", drawn)
                .succeeded();
        Program.run("export", run, "--output", folder.resolve("given-export")).succeeded();
        Scorer scorer = Scorer.open(folder.resolve("given-export"));
        double[][] told = Files.readAllLines(table).stream()
                .skip(1)
                .map(line -> scorer.row(cells(line)))
                .peek(row -> Arrays.fill(row, 3, 6, Double.NaN))
                .toArray(double[][]::new);
        double[][] computed = scorer.sample(Rows.of(told), 1, 7);
        double[][] expected = Files.readAllLines(drawn).stream()
                .skip(1)
                .map(line -> scorer.row(cells(line)))
                .toArray(double[][]::new);
        assertThat(computed).hasDimensions(400, 6);
        for (int i = 0; i < computed.length; i++) {
            for (int j = 0; j < 6; j++) {
                assertThat(computed[i][j])
                        .isCloseTo(expected[i][j], within(1e-9 * Math.max(1, Math.abs(expected[i][j]))));
            }
        }
        assertThatExceptionOfType(ExportException.class)
                .isThrownBy(() -> scorer.sample(3, 1, 7))
                .withMessageStartingWith("the model is told something of each example, ")
                .withMessageEndingWith(": give rows that have it");
        Path runs = folder.resolve("imports");
        Program.run("import", folder.resolve("given-export"), "--runs", runs, "--name", "back")
                .succeeded();
        Path again = folder.resolve("drawn-again.csv");
        Program.run("sample", runs.resolve("back"), "--given-rows", table, "--seed", 7, "--output", again)
                .succeeded();
        assertThat(again).hasSameTextualContentAs(drawn);
        assertThat(Program.run("runs", runs).succeeded().text()).contains("imported");
        Program.run("resume", runs.resolve("back"))
                .toldInOneLine(1, List.of("was imported without an optimiser's state", "training.startFrom="));
        assertThat(Program.run("import", folder.resolve("given-export"), "--runs", runs, "--name", "back")
                        .succeeded()
                        .text())
                .contains("imported: " + runs.resolve("back-2") + " (" + runs.resolve("back") + " was there already)");
        Path weights = folder.resolve("given-export/weights.safetensors");
        byte[] flipped = Files.readAllBytes(weights);
        flipped[flipped.length - 1] ^= 1;
        Files.write(weights, flipped);
        Program.run("import", folder.resolve("given-export"), "--runs", runs, "--name", "flipped")
                .toldInOneLine(1, List.of(weights + ": is not the file that was written for this export"));
        assertThat(runs.resolve("flipped")).doesNotExist();
        Program.run("import", folder, "--runs", runs).toldInOneLine(1, List.of("model.json: cannot be read"));
        told[5][0] = 8;
        assertThatExceptionOfType(ExportException.class)
                .isThrownBy(() -> scorer.sample(Rows.of(told), 1, 7))
                .withMessageStartingWith("row 5, column 'word': ");
    }

    /** Where an alarm is by an image's bits, too: those of binarised pixels, and of stored greys. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void imagesAreStrangeAsByTheProgram(boolean binary) throws IOException {
        Path config = Files.writeString(
                folder.resolve("images.yaml"),
                (binary ? Program.VAE + "diagnostics: {gradientDraws: 0}\n" : Program.FLOW)
                        .replaceAll("validation: \\d+", "validation: 150"));
        String name = "bits-" + binary;
        Path runs = folder.resolve("runs");
        Program.run(
                        "train",
                        config,
                        "--runs",
                        runs,
                        "--name",
                        name,
                        "--set",
                        "precision=float64",
                        "--set",
                        "training.imagesEvery=9")
                .succeeded();
        Path run = runs.resolve(name);
        Program.run("calibrate", run, "--score", "joint_typicality", "--false-alarms", 0.2)
                .succeeded();
        Path scores = folder.resolve(name + ".csv");
        Program.run("score", run, "--output", scores).succeeded();
        Program.run("export", run, "--output", folder.resolve(name)).succeeded();

        Scorer scorer = Scorer.open(folder.resolve(name));
        Examples test = DataSources.source(RunDirectory.open(run).readConfig().data(), folder)
                .load(ProgressListener.none())
                .test();
        Rows images = Rows.of(
                        IntStream.range(0, test.size()).mapToObj(test::values).toArray(double[][]::new))
                .ofData("test");
        double[] values = scorer.pValues(images);
        boolean[] alarms = scorer.alarms(images);
        List<String> csv = Files.readAllLines(scores);
        List<String> header = List.of(csv.get(0).split(",", -1));
        for (int i = 0; i < values.length; i++) {
            List<String> expected = List.of(csv.get(i + 1).split(",", -1));
            assertThat(values[i])
                    .as("image %d", i)
                    .isEqualTo(Double.parseDouble(expected.get(header.indexOf("p_value"))));
            assertThat(alarms[i]).isEqualTo(Boolean.parseBoolean(expected.get(header.indexOf("alarm"))));
        }
        assertThat(values).hasSize(30);
        assertThatExceptionOfType(ExportException.class)
                .isThrownBy(() -> scorer.pValue(-100))
                .withMessage(
                        "the calibration is by joint_typicality, which counts an image's bits: ask for pValues of the images");
    }

    /** A model that leaves missing cells out leaves them out of an export, too, as a file says that there is nothing. */
    @Test
    void missingCellsAreLeftOut() throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(table));
        for (int i = 1; i < lines.size(); i += 3) {
            String[] cells = lines.get(i).split(",", -1);
            cells[i % 2 == 0 ? 3 : 5] = i % 4 == 0 ? "NA" : "";
            lines.set(i, String.join(",", cells));
        }
        Path holed = Files.write(folder.resolve("holed.csv"), lines);
        Path config = Files.writeString(
                folder.resolve("holed.yaml"),
                "data: {type: csv, path: '" + holed
                        + "', validation: 0.3, test: 0.1, missing: mask, columns: {word: category,"
                        + " member: boolean, count: integer, amount: number, day: date, price: log}}\n" + """
                        model: {type: vae, latent: 3, encoder: {hidden: [8]}, decoder: {hidden: [8]}, likelihood: {type: columns}}
                        precision: float64
                        training: {epochs: 1, batchSize: 20, imagesEvery: 9}
                        evaluation: {repeats: 1, importanceSamples: 5}
                        """);
        Program.run("train", config, "--runs", folder.resolve("runs")).succeeded();
        Path run = folder.resolve("runs/holed");
        Program.run("score", run, "--input", holed, "--output", folder.resolve("holed-scores.csv"))
                .succeeded();
        Program.run("export", run, "--output", folder.resolve("holed-export")).succeeded();
        Scorer scorer = Scorer.open(folder.resolve("holed-export"));
        assertThat(scorer.leavesOut()).isTrue();
        List<String> csv = Files.readAllLines(folder.resolve("holed-scores.csv"));
        int place = List.of(csv.get(0).split(",", -1)).indexOf("log_likelihood");
        List<double[]> rows = new ArrayList<>();
        for (String line : lines.subList(1, 1 + ROWS)) {
            rows.add(scorer.row(cells(line)));
        }
        double[] scores = scorer.logProb(Rows.of(rows.toArray(double[][]::new)));
        for (int i = 0; i < ROWS; i++) {
            double expected = Double.parseDouble(csv.get(i + 1).split(",", -1)[place]);
            assertThat(scores[i]).isCloseTo(expected, within(1e-9 * Math.abs(expected)));
        }
    }

    /** Cells are refused as the program refuses them. */
    private static void assertRefuses(Scorer scorer, Map<String, String> row) {
        assertRefused(
                scorer,
                row,
                "word",
                "east",
                "column 'word': expected one of the training data's 3 values, north, west, south, was 'east'");
        assertRefused(
                scorer,
                row,
                "count",
                "1.5",
                "column 'count': expected a whole number of at most 1048576 in size, was '1.5'");
        assertRefused(scorer, row, "price", "-1", "column 'price': expected a number above 0, was '-1'");
        assertRefused(
                scorer, row, "day", "2024-02-30", "column 'day': expected a date such as 2024-01-02, was '2024-02-30'");
        assertRefused(scorer, row, "amount", null, "column 'amount' is missing, and this model needs all of them");
        assertRefused(
                scorer,
                row,
                "colour",
                "red",
                "the model has no column 'colour'; those it has: word, member, count, amount, day, price");
    }

    private static void assertRefused(
            Scorer scorer, Map<String, String> row, String column, String cell, String message) {
        Map<String, String> bad = new LinkedHashMap<>(row);
        bad.compute(column, (name, old) -> cell);
        assertThatExceptionOfType(ExportException.class)
                .isThrownBy(() -> scorer.row(bad))
                .withMessage(message);
    }

    private static Map<String, String> cells(String line) {
        Map<String, String> cells = new LinkedHashMap<>();
        List<String> values = List.of(line.split(",", -1));
        for (int i = 0; i < NAMES.size(); i++) {
            cells.put(NAMES.get(i), values.get(i));
        }
        return cells;
    }
}
