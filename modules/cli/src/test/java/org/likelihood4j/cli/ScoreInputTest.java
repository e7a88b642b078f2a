package org.likelihood4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.cli.terminal.Failures;

/** {@code score} and {@code evaluate} of data that were not divided: all of them, in their order, as the run's own were read. */
class ScoreInputTest {
    private static final int ROWS = 200;

    @TempDir
    private static Path folder;

    private static Path table;
    /** A flow over a table's rows, whose log-densities no noise changes. */
    private static Path rows;

    private static Path digits;

    @BeforeAll
    static void train() throws IOException {
        Random random = new Random(1);
        List<String> lines = new ArrayList<>(List.of("height,kind,\"weight, kg\""));
        for (int i = 0; i < ROWS; i++) {
            double height = 1.7 + 0.1 * random.nextGaussian();
            lines.add(height + (i % 3 == 0 ? ",alder," : ",birch,") + (40 * height + 5 * random.nextGaussian()));
        }
        table = Files.write(folder.resolve("table.csv"), lines);
        Path config = Files.writeString(
                folder.resolve("rows.yaml"), "data: {type: csv, path: '" + table + "', label: kind}\n" + """
                        model: {type: realnvp, couplings: 2, mask: halves, conditioner: {hidden: [8]}}
                        training: {epochs: 2, batchSize: 20, imagesEvery: 9}
                        evaluation: {repeats: 1}
                        """);
        Program.run("train", config, "--runs", folder.resolve("runs")).succeeded();
        rows = folder.resolve("runs/rows");
        digits = Program.train(folder, Program.FLOW);
    }

    /** The cells of a table by its header, row after row. */
    private static List<Map<String, String>> cells(List<String> csv) {
        List<String> header = List.of(csv.get(0).split(",", -1));
        return csv.stream()
                .skip(1)
                .map(line -> {
                    String[] cells = line.split(",", -1);
                    Map<String, String> row = new HashMap<>();
                    IntStream.range(0, cells.length).forEach(i -> row.put(header.get(i), cells[i]));
                    return row;
                })
                .toList();
    }

    private static List<Map<String, String>> score(Path run, Object... options) {
        List<Object> arguments = new ArrayList<>(List.of("score", run, "--output", "-"));
        arguments.addAll(List.of(options));
        Program.Result result = Program.run(arguments.toArray());
        assertThat(result.exit()).as("%s", result).isZero();
        return cells(result.out());
    }

    private static double logLikelihood(Map<String, String> row) {
        return Double.parseDouble(row.get("log_likelihood"));
    }

    @Test
    void aSplitsRowsAreJoinedWithTheirFileByIndex() throws IOException {
        List<Map<String, String>> all = score(rows, "--input", table);
        assertThat(all).hasSize(ROWS);
        List<String> file = Files.readAllLines(table);
        List<Integer> seen = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            assertThat(all.get(i)).containsEntry("index", Integer.toString(i));
            assertThat(file.get(i + 1)).contains("," + all.get(i).get("label") + ",");
        }
        for (String split : List.of("train", "validation", "test")) {
            for (Map<String, String> row : score(rows, "--split", split)) {
                int index = Integer.parseInt(row.get("index"));
                seen.add(index);
                assertThat(row.get("label")).isEqualTo(all.get(index).get("label"));
                assertThat(logLikelihood(row)).isCloseTo(logLikelihood(all.get(index)), within(1e-4));
            }
        }
        assertThat(seen)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, ROWS).boxed().toList());
    }

    @Test
    void columnsAreFoundByTheirNames() throws IOException {
        List<String> other = new ArrayList<>(List.of("id,\"weight, kg\",note,height"));
        List<String> file = Files.readAllLines(table);
        for (String line : file.subList(1, 6)) {
            String[] cells = line.split(",", -1);
            other.add("7," + cells[2] + ",new," + cells[0]);
        }
        Path mixed = Files.write(folder.resolve("mixed.csv"), other);
        List<Map<String, String>> all = score(rows, "--input", table);
        List<Map<String, String>> five = score(rows, "--input", mixed);
        assertThat(five).hasSize(5);
        for (int i = 0; i < 5; i++) {
            assertThat(logLikelihood(five.get(i))).isCloseTo(logLikelihood(all.get(i)), within(1e-4));
            assertThat(five.get(i)).containsEntry("label", "").containsEntry("note", "");
        }
    }

    @Test
    void whatOverflowsIsMarkedAndCounted() throws IOException {
        Path far = Files.write(
                folder.resolve("far.csv"),
                List.of(
                        "height,\"weight, kg\",kind",
                        "1.7,70,birch",
                        "1e30,70,oak",
                        "1.7,-1e30,birch",
                        "1.8,75,alder"));
        Program.Result result = Program.run("score", rows, "--input", far);
        assertThat(result.exit()).isZero();
        assertThat(result.text())
                .contains("all 4 rows of " + far)
                .contains("not among the run's classes (alder, birch): oak")
                .contains("4 rows, mean log_likelihood ")
                .contains("of those that are finite")
                .contains("warning: 2 of 4 rows are so far from the training data that float32 overflows");
        List<Map<String, String>> scores = cells(Files.readAllLines(rows.resolve("scores-input-far.csv")));
        for (int i : new int[] {1, 2}) {
            assertThat(scores.get(i))
                    .containsEntry("log_likelihood", "-Infinity")
                    .containsEntry("note", "overflow");
        }
        for (int i : new int[] {0, 3}) {
            assertThat(logLikelihood(scores.get(i))).isFinite();
            assertThat(scores.get(i)).containsEntry("note", "");
        }
    }

    @Test
    void evaluateTakesAllOfItToo() throws IOException {
        Program.Result result = Program.run("evaluate", rows, "--input", table).succeeded();
        assertThat(result.text()).contains("on all of " + table, "200 input-table rows");
        double mean = score(rows, "--input", table).stream()
                .mapToDouble(ScoreInputTest::logLikelihood)
                .average()
                .orElseThrow();
        assertThat(Files.readString(rows.resolve("evaluation-input-table.json")))
                .contains("\"images\" : 200");
        String line = result.out().stream()
                .filter(one -> one.startsWith("log_likelihood "))
                .findFirst()
                .orElseThrow();
        assertThat(Double.parseDouble(line.split(" +", -1)[1])).isCloseTo(mean, within(1e-4));
    }

    @Test
    void rowsThatAreLeftOutLeaveGaps() throws IOException {
        Path missing = write("missing.csv", "height,\"weight, kg\"\n1.7,70\n1.8,NA\n1.6,60\n");
        refused(rows, "1 of 3 rows have missing cells", "--input", missing);
        List<Map<String, String>> scores = score(rows, "--input", missing, "--set", "data.missing=drop");
        assertThat(scores).extracting(row -> row.get("index")).containsExactly("0", "2");
    }

    /** The columns are the model's: no advice is to leave one out, which --set does not. */
    @Test
    void adviceIsWhatCanBeDone() throws IOException {
        Path missing = write("advice.csv", "height,\"weight, kg\"\n1.7,70\n1.8,NA\n1.6,60\n");
        refused(
                rows,
                "the first in line 3:weight, kg); leave these rows out with --set data.missing=drop",
                "--input",
                missing);
        Path empty = write("empty.csv", "height,\"weight, kg\"\n1.7,\n1.8,\n");
        refused(
                rows,
                "one column is empty: the run's model was trained on it, and takes rows that have it",
                "--input",
                empty);
        Path text = write("text.csv", "height,\"weight, kg\"\n1.7,much\n1.8,more\n");
        refused(
                rows,
                "'weight, kg' holds text, not numbers ('much' in line 2), but the run's model was trained on numbers there",
                "--input",
                text);
        for (Path one : List.of(missing, empty, text)) {
            assertThat(Program.run("score", rows, "--input", one).err())
                    .noneMatch(line -> line.contains("data.columns"));
        }
    }

    /** The same grey pictures as PNG files in folders, and as an array: what is scored is the same, noise and all. */
    @Test
    void picturesAreScaledToTheRunsOwn() throws IOException {
        Path pictures = folder.resolve("pictures");
        byte[] pixels = new byte[6 * 784];
        new Random(4).nextBytes(pixels);
        for (int i = 0; i < 6; i++) {
            BufferedImage picture = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
            picture.getRaster().setDataElements(0, 0, 28, 28, Arrays.copyOfRange(pixels, 784 * i, 784 * (i + 1)));
            Path one = Files.createDirectories(pictures.resolve(i < 4 ? "cats" : "dogs"));
            ImageIO.write(picture, "png", one.resolve(i + ".png").toFile());
        }
        Path array = folder.resolve("pictures.npy");
        try (OutputStream out = Files.newOutputStream(array)) {
            out.write(npyHeader("'|u1'", "6, 28, 28"));
            out.write(pixels);
        }
        List<Map<String, String>> files = score(digits, "--input", pictures);
        List<Map<String, String>> numbers = score(digits, "--input", array);
        assertThat(files)
                .extracting(row -> row.get("file"))
                .containsExactly("cats/0.png", "cats/1.png", "cats/2.png", "cats/3.png", "dogs/4.png", "dogs/5.png");
        assertThat(files)
                .extracting(row -> row.get("label"))
                .containsExactly("cats", "cats", "cats", "cats", "dogs", "dogs");
        assertThat(numbers)
                .allSatisfy(row -> assertThat(row).containsEntry("label", "").doesNotContainKey("file"));
        for (int i = 0; i < 6; i++) {
            assertThat(files.get(i).get("log_likelihood"))
                    .isEqualTo(numbers.get(i).get("log_likelihood"));
        }
        BufferedImage large = new BufferedImage(90, 60, BufferedImage.TYPE_INT_RGB);
        Path photo = folder.resolve("photo.png");
        ImageIO.write(large, "png", photo.toFile());
        Program.Result one = Program.run("score", digits, "--input", photo).succeeded();
        assertThat(one.text()).contains("all 1 images of " + photo + "; cut and scaled to the run's 1x28x28");
        assertThat(Files.readAllLines(digits.resolve("scores-input-photo.png.csv")))
                .hasSize(2);
    }

    /** Two files that differ in their suffix alone have a result each. */
    @Test
    void aResultIsNamedAfterTheWholeFile() throws IOException {
        Path text = write("same.csv", "height,\"weight, kg\"\n1.7,70\n");
        Path array = folder.resolve("same.npy");
        try (OutputStream out = Files.newOutputStream(array)) {
            out.write(npyHeader("'<f8'", "1, 2"));
            out.write(new byte[16]);
        }
        for (Path file : List.of(text, array)) {
            Program.run("score", rows, "--input", file).succeeded();
            Program.run("evaluate", rows, "--input", file);
        }
        assertThat(Program.names(rows))
                .contains(
                        "scores-input-same.csv",
                        "scores-input-same.npy.csv",
                        "evaluation-input-same.json",
                        "evaluation-input-same.npy.json");
    }

    /** Of two files that are called the same, in different folders, neither's results replace the other's. */
    @Test
    void inputsThatAreCalledTheSameHaveResultsOfTheirOwn() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String name : List.of("one", "two")) {
            Path file = Files.createDirectories(folder.resolve(name)).resolve("twin.csv");
            files.add(Files.writeString(file, "height,\"weight, kg\"\n1.7," + (name.equals("one") ? 70 : 80) + "\n"));
        }
        for (int time = 0; time < 2; time++) {
            assertThat(Program.run("score", rows, "--input", files.get(0))
                            .succeeded()
                            .text())
                    .contains("wrote " + rows.resolve("scores-input-twin.csv"))
                    .doesNotContain("is called");
            assertThat(Program.run("score", rows, "--input", files.get(1))
                            .succeeded()
                            .out())
                    .contains(
                            files.get(1) + " is called twin-2 here, because twin is "
                                    + files.get(0).toRealPath() + ", whose results are kept",
                            "wrote " + rows.resolve("scores-input-twin-2.csv"));
            Program.run("evaluate", rows, "--input", files.get(1));
            Program.run("evaluate", rows, "--input", folder.resolve("one/../one/twin.csv"));
        }
        assertThat(Program.names(rows).stream().filter(name -> name.contains("twin")))
                .containsExactly(
                        "evaluation-input-twin-2.json",
                        "evaluation-input-twin.json",
                        "scores-input-twin-2.csv",
                        "scores-input-twin.csv");
        assertThat(Files.readString(rows.resolve("scores-input-twin-2.csv")))
                .isNotEqualTo(Files.readString(rows.resolve("scores-input-twin.csv")));
        Files.writeString(rows.resolve("inputs.json"), "{\"formatVersion\": 2, \"inputs\": {}}");
        refused(rows, "inputs.json: not a list of inputs: ", "--input", files.get(0));
        Files.delete(rows.resolve("inputs.json"));
    }

    @Test
    void scoresDoNotReplaceWhatTheyAreOf() throws IOException {
        Path table = write("mine.csv", "height,\"weight, kg\"\n1.7,70\n");
        String before = Files.readString(table);
        Program.run(
                        "score",
                        rows,
                        "--input",
                        table,
                        "--output",
                        table.getParent().resolve("./mine.csv"))
                .toldInOneLine(1, List.of("--output", "mine.csv is what --input reads; choose another file"));
        assertThat(table).content().isEqualTo(before);
    }

    private static byte[] npyHeader(String type, String shape) {
        String header = "{'descr': " + type + ", 'fortran_order': False, 'shape': (" + shape + "), }";
        header += " ".repeat(117 - header.length()) + "\n";
        return ByteBuffer.allocate(128)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 0x93)
                .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .put(new byte[] {1, 0, 118, 0})
                .put(header.getBytes(StandardCharsets.US_ASCII))
                .array();
    }

    /** Three rows of two columns, by their places. */
    @Test
    void anArrayOfRows() throws IOException {
        ByteBuffer numbers = ByteBuffer.allocate(6 * 8).order(ByteOrder.LITTLE_ENDIAN);
        List<String> file = Files.readAllLines(table);
        for (String line : file.subList(1, 4)) {
            numbers.putDouble(Double.parseDouble(line.split(",", -1)[0]))
                    .putDouble(Double.parseDouble(line.split(",", -1)[2]));
        }
        Path array = folder.resolve("rows.npy");
        try (OutputStream out = Files.newOutputStream(array)) {
            out.write(npyHeader("'<f8'", "3, 2"));
            out.write(numbers.array());
        }
        List<Map<String, String>> all = score(rows, "--input", table);
        List<Map<String, String>> three = score(rows, "--input", array);
        assertThat(three).hasSize(3);
        for (int i = 0; i < 3; i++) {
            assertThat(logLikelihood(three.get(i))).isCloseTo(logLikelihood(all.get(i)), within(1e-4));
        }
        refused(digits, "holds rows of 2 columns, but the run was trained on images of 1x28x28", "--input", array);
    }

    /** A digit has no label where nobody wrote one. */
    @Test
    void withoutLabelsTheirCellIsEmpty() throws IOException {
        Path config = Files.writeString(folder.resolve("toy.yaml"), """
                data: {type: toy, train: 100, validation: 20, test: 10}
                model: {type: vae, latent: 2, encoder: {hidden: [8]}, decoder: {hidden: [8]}, likelihood: {type: gaussian}}
                training: {epochs: 1, batchSize: 20, imagesEvery: 9}
                """);
        Program.run("train", config, "--runs", folder.resolve("runs")).succeeded();
        assertThat(score(folder.resolve("runs/toy")))
                .hasSize(10)
                .allSatisfy(row -> assertThat(row).containsEntry("label", ""));
    }

    private static void refused(Path run, String message, Object... options) {
        for (String command : List.of("score", "evaluate")) {
            List<Object> arguments = new ArrayList<>(List.of(command, run));
            arguments.addAll(List.of(options));
            Program.Result result = Program.run(arguments.toArray());
            assertThat(result.exit()).as("%s", result).isEqualTo(Failures.FAILED);
            assertThat(result.err()).singleElement().asString().contains(message);
        }
    }

    private static Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    @Test
    void whatDoesNotFitGetsOneLine() throws IOException {
        refused(
                rows,
                "--data and --set data.path took a random part of other data, and are no more; --input new.csv takes all"
                        + " of it",
                "--data",
                "csv",
                "--set",
                "data.path=new.csv");
        refused(rows, "--set changes only how the input is read", "--set", "training.epochs=3", "--input", table);
        for (String key : List.of("nonsense=3", "columns=['weight, kg',height]", "allow=[ties]", "test=0.5")) {
            refused(
                    rows,
                    "--set changes only how the input is read, with data.decimal, data.delimiter, data.header, data.label,"
                            + " data.missing, data.skipUnreadable; was 'data." + key + "'",
                    "--set",
                    "data." + key,
                    "--input",
                    table);
        }
        refused(rows, "--set is for how --input is read", "--set", "data.missing=drop");
        refused(rows, "--split is for the run's own data", "--split", "test", "--input", table);
        refused(rows, "no such file or folder", "--input", folder.resolve("none.csv"));
        refused(rows, "is a folder; the run was trained on rows of numbers", "--input", folder);
        refused(rows, "has no column 'weight, kg'", "--input", write("short.csv", "height,width\n1.7,3\n"));
        refused(
                rows,
                "text.csv: column 'weight, kg' holds text",
                "--input",
                write("text.csv", "height,\"weight, kg\"\n1.7,70\n1.8,heavy\n"));
        refused(rows, "empty.csv", "--input", write("empty.csv", ""));
        refused(rows, "header.csv", "--input", write("header.csv", "height,\"weight, kg\"\n"));
        refused(digits, "words.txt", "--input", write("words.txt", "not a picture"));
        Path array = folder.resolve("small.npy");
        try (OutputStream out = Files.newOutputStream(array)) {
            out.write(npyHeader("'|u1'", "2, 3, 3"));
            out.write(new byte[18]);
        }
        refused(digits, "holds images of 1x3x3, but the run was trained on images of 1x28x28", "--input", array);
        assertThat(Program.names(rows)).noneMatch(name -> name.contains(".tmp") || name.contains("short"));
    }

    /** The order of the labels' numbers is that of their names: others would be taken for them. */
    @Test
    void resumingKeepsTheClasses() throws IOException {
        List<String> before = Files.readAllLines(table);
        Path run = folder.resolve("again/rows");
        Program.run("train", folder.resolve("rows.yaml"), "--runs", folder.resolve("again"))
                .succeeded();
        Path moved = Files.write(folder.resolve("moved.csv"), before);
        try {
            Files.write(
                    table,
                    before.stream()
                            .map(line -> line.replace(",alder,", ",aspen,"))
                            .toList());
            Program.Result refused = Program.run("resume", run, "--set", "training.epochs=3");
            assertThat(refused.exit()).isEqualTo(Failures.FAILED);
            assertThat(refused.err())
                    .singleElement()
                    .asString()
                    .contains("was trained on the classes [alder, birch], now [aspen, birch]");
        } finally {
            Files.write(table, Files.readAllLines(moved));
        }
        Program.run("resume", run, "--set", "training.epochs=3").succeeded();
        assertThat(Program.run("score", run, "--input", write("oak.csv", "height,\"weight, kg\",kind\n1.7,70,oak\n"))
                        .succeeded()
                        .text())
                .contains("not among the run's classes (alder, birch): oak");
    }
}
