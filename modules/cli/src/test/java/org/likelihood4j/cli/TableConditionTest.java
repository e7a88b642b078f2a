package org.likelihood4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.likelihood4j.inference.OpenedModel;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Models of p(x|c) of a table whose conditional density is known: k one of three words, t a whole number, and
 *
 * <pre>
 * a ~ N(3 place of k + t/4, 0.5^2),   b ~ N(a or -a, 0.3^2), -a where k is the third word
 * </pre>
 */
class TableConditionTest {
    private static final List<String> WORDS = List.of("north", "south", "west");
    private static final double LOG_NORMAL = -0.5 * Math.log(2 * Math.PI);

    @TempDir
    private static Path folder;

    private static Path table;
    private static Path flow;

    private record Row(String word, int t, double a, double b) {
        static Row draw(Random random) {
            int k = random.nextInt(3);
            int t = random.nextInt(9);
            double a = meanOfA(WORDS.get(k), t) + 0.5 * random.nextGaussian();
            return new Row(WORDS.get(k), t, a, meanOfB(WORDS.get(k), a) + 0.3 * random.nextGaussian());
        }

        static double meanOfA(String word, int t) {
            return 3 * WORDS.indexOf(word) + t / 4.0;
        }

        static double meanOfB(String word, double a) {
            return word.equals("west") ? -a : a;
        }

        double logDensity() {
            double first = (a - meanOfA(word, t)) / 0.5;
            double second = (b - meanOfB(word, a)) / 0.3;
            return 2 * LOG_NORMAL - Math.log(0.5) - Math.log(0.3) - 0.5 * (first * first + second * second);
        }

        String line() {
            return String.format(Locale.ROOT, "%s,%d,%.12g,%.12g", word, t, a, b);
        }
    }

    private static List<Row> rows(int count, long seed) {
        Random random = new Random(seed);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(Row.draw(random));
        }
        return rows;
    }

    private static Path write(String name, List<Row> rows) throws IOException {
        List<String> lines = new ArrayList<>(List.of("k,t,a,b"));
        rows.forEach(row -> lines.add(row.line()));
        return Files.write(folder.resolve(name), lines);
    }

    @BeforeAll
    static void train() throws IOException {
        table = write("table.csv", rows(4000, 1));
        flow = train(
                "flow",
                "model: {type: realnvp, mask: halves, couplings: 4, conditioner: {hidden: [32], activation: swish}, condition:"
                        + " [t, k]}\ntraining: {epochs: 12, batchSize: 50, optimizer: {type: adam, learningRate: 0.01},"
                        + " schedule: {type: cosine, finalFraction: 0.01}, imagesEvery: 12}\n");
    }

    private static String data(Path file, String more) {
        return "data: {type: csv, path: '" + file + "', columns: {k: category, t: integer}" + more + "}\n";
    }

    private static Path train(String name, String yaml) throws IOException {
        Path config = Files.writeString(folder.resolve(name + ".yaml"), data(table, "") + yaml);
        Program.run("train", config, "--runs", folder.resolve("runs")).succeeded();
        return folder.resolve("runs").resolve(name);
    }

    /** A column of what was written. */
    private static List<String> column(Path csv, int column) throws IOException {
        return Files.readAllLines(csv).stream()
                .skip(1)
                .map(line -> line.split(",", -1)[column])
                .toList();
    }

    @Test
    void rowsGetTheirConditionalDensity() throws IOException {
        List<Row> fresh = rows(2000, 2);
        Path scores = folder.resolve("scores.csv");
        Program.run("score", flow, "--input", write("fresh.csv", fresh), "--output", scores)
                .succeeded();
        List<String> told = column(scores, 2);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < fresh.size(); i++) {
            double difference = fresh.get(i).logDensity() - Double.parseDouble(told.get(i));
            sum += difference / fresh.size();
            squares += difference * difference / fresh.size();
        }
        // KL(true conditional || model), by Monte Carlo: never below 0 but by chance, and small where it was learned.
        double error = Math.sqrt((squares - sum * sum) / fresh.size());
        assertThat(sum).isBetween(-4 * error, 0.05 + 4 * error);
    }

    @Test
    void drawnRowsAreGivenWhatWasAskedFor() throws IOException {
        Path drawn = folder.resolve("drawn.csv");
        Program.run("sample", flow, "--given", "t=8", "--given", "k=south", "--count", 2000, "--output", drawn)
                .succeeded();
        assertThat(column(drawn, 0)).containsOnly("south");
        assertThat(column(drawn, 1)).containsOnly("8");
        double mean = column(drawn, 2).stream()
                .mapToDouble(Double::parseDouble)
                .average()
                .orElseThrow();
        // 5 standard errors of 2,000 draws, and what the model has not learned to the end.
        assertThat(mean).isCloseTo(Row.meanOfA("south", 8), within(5 * 0.5 / Math.sqrt(2000) + 0.1));

        List<Row> wanted = rows(7, 3);
        Program.run("sample", flow, "--given-rows", write("wanted.csv", wanted), "--output", drawn)
                .succeeded();
        assertThat(column(drawn, 0)).isEqualTo(wanted.stream().map(Row::word).toList());
        assertThat(column(drawn, 1))
                .isEqualTo(wanted.stream().map(row -> "" + row.t()).toList());
        // Beyond what the data had it stays what was asked for.
        Program.run("sample", flow, "--given", "t=40", "--given", "k=west", "--count", 2, "--output", drawn)
                .succeeded();
        assertThat(column(drawn, 1)).containsOnly("40");

        assertThat(Program.run("sample", flow, "--count", 5, "--output", drawn)
                        .succeeded()
                        .text())
                .contains("given k, t as the run's own rows have them");
        assertThat(column(drawn, 0)).hasSize(5).isSubsetOf(WORDS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "t=1 kk=west          | 'kk=west' is not COLUMN=VALUE of one of k, t",
                "t=1                  | each to be said once, but k is said nowhere",
                "t=1 k=west t=2       | t is said 2 times",
                "t=1 k=east           | column 'k': expected one of the training data's 3 values",
                "t=1.5 k=west         | column 't': expected a whole number",
                "t=1 k=west a=3       | 'a=3' is not COLUMN=VALUE of one of k, t"
            })
    void whatCannotBeGivenIsToldInOneLine(String given, String problem) {
        List<Object> arguments = new ArrayList<>(List.of("sample", flow));
        for (String one : given.split(" ", -1)) {
            arguments.add("--given");
            arguments.add(one);
        }
        Program.run(arguments.toArray()).toldInOneLine(1, List.of(problem));
    }

    @Test
    void itIsAuditedExplainedAndExported() throws IOException {
        assertThat(Program.run("verify", flow, "--images", 20).succeeded().text())
                .contains("log|det dz/dx|");
        Program.run("calibrate", flow, "--false-alarms", 0.1).succeeded();
        Path scores = folder.resolve("explained.csv");
        Row odd = new Row("north", 0, 30, 30);
        Program.run("score", flow, "--input", write("odd.csv", List.of(odd)), "--explain", "--output", scores)
                .succeeded();
        assertThat(Files.readString(scores)).contains("a").contains("30");
        Program.run("export", flow).succeeded();
    }

    @Test
    void javaIsToldTheSame() {
        try (OpenedModel model = OpenedModel.open(flow)) {
            assertThat(model.givenColumns()).extracting("name").containsExactly("k", "t");
            assertThat(model.latentDimension()).isEqualTo(2);
            INDArray given = Nd4j.createFromArray(new double[][] {{2, 8}, {0, 3}});
            INDArray rows = model.sampleGiven(given, 1, 7);
            assertThat(rows.shape()).containsExactly(2, 4);
            assertThat(rows.getRow(0).toDoubleVector()).startsWith(2, 8);
            // The inverse of the forward pass, given the same.
            INDArray back = model.decodeGiven(model.encode(rows), given);
            assertThat(back.sub(rows).amaxNumber().doubleValue()).isLessThan(1e-4);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.sample(2, 1, 7))
                    .withMessageContaining("is told the columns k, t: say them, sampleGiven(");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.decode(model.encode(rows)))
                    .withMessageContaining("decodeGiven(");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.sampleGiven(given.getColumns(0), 1, 7))
                    .withMessageContaining("must be floating-point [N, 2]");
        }
    }

    /** A VAE may leave out cells of what it models, and none of what it is told. */
    @Test
    void aVaeOfMixedColumnsIsToldOthersAndFillsHoles() throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(table));
        for (int i = 1; i < lines.size(); i += 3) {
            lines.set(i, lines.get(i).replaceFirst(",[^,]*$", ","));
        }
        Path holed = Files.write(folder.resolve("holed.csv"), lines);
        String model =
                "model: {type: vae, latent: 2, encoder: {hidden: [16]}, decoder: {hidden: [16]}, likelihood: {type:"
                        + " columns}, condition: [t]}\ntraining: {epochs: 2, batchSize: 50, imagesEvery: 2}\n";
        Path config = Files.writeString(folder.resolve("vae.yaml"), data(holed, ", missing: mask") + model);
        Path runs = folder.resolve("runs");
        Program.run("train", config, "--runs", runs).succeeded();
        Program.run("verify", runs.resolve("vae"), "--images", 20).succeeded();
        Program.run("evaluate", runs.resolve("vae"), "--importance-samples", 10).succeeded();
        Path filled = folder.resolve("filled.csv");
        Program.run("impute", runs.resolve("vae"), "--input", holed, "--output", filled)
                .succeeded();
        assertThat(column(filled, 3)).doesNotContain("");
        assertThat(column(filled, 1)).isEqualTo(column(table, 1));

        for (int row : new int[] {4, 50, 900}) {
            lines.set(row + 1, lines.get(row + 1).replaceFirst(",[^,]*,", ",,"));
        }
        Files.write(holed, lines);
        Program.run("sample", runs.resolve("vae"), "--given-rows", holed)
                .toldInOneLine(1, List.of("column 't' has missing cells (the first in row 4"));
        Program.run("score", runs.resolve("vae"), "--input", holed)
                .toldInOneLine(
                        1, List.of("column 't' has missing cells (the first in row 4", "is what the model is told"));
        Program.run("train", config, "--runs", runs, "--name", "again")
                .toldInOneLine(1, List.of("column 't' has missing cells (the first in row 4", "data.missing: drop"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[age]         | there is no column \"age\" among k, t, a, b",
                "[k, t, a, b]  | names all columns, and leaves none to model",
                "[k, t, a]     | of the data's 4 the condition leaves 1"
            })
    void aConditionThatDoesNotFitTheDataIsToldInOneLine(String condition, String problem) throws IOException {
        Path config = Files.writeString(
                folder.resolve("bad.yaml"), data(table, "") + "model: {type: realnvp, condition: " + condition + "}\n");
        Program.run("train", config, "--runs", folder.resolve("bad")).toldInOneLine(1, List.of(problem));
        assertThat(folder.resolve("bad/bad")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"a,is an id", "b,is the label"})
    void whatATableHasBesideItsColumnsCannotBeGiven(String name, String role) throws IOException {
        Path config = Files.writeString(
                folder.resolve("bad.yaml"),
                "data: {type: csv, path: '" + table + "', columns: {k: category, t: integer, a: id, b: label}}\n"
                        + "model: {type: vae, likelihood: {type: columns}, condition: [" + name + "]}\n");
        Program.run("train", config, "--runs", folder.resolve("bad"))
                .toldInOneLine(1, List.of("\"" + name + "\" " + role, "there is no column"));
    }

    @Test
    void aModelThatIsToldNothingIsGivenNothing() throws IOException {
        Path plain = train(
                "plain",
                "model: {type: realnvp, couplings: 2, conditioner: {hidden: [8]}}\ntraining: {epochs: 1, batchSize: 50,"
                        + " imagesEvery: 9}\n");
        Program.run("sample", plain, "--given", "t=1")
                .toldInOneLine(1, List.of("--given is for models that are told columns of a table"));
    }
}
