package org.likelihood4j.cli.scores;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.cli.Program;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code score --input -} and {@code --format jsonl}: the same numbers as of a file, however the rows come. */
class ScoreStreamTest {
    private static final int ROWS = 700;

    @TempDir
    private static Path folder;

    private static Path table;
    private static Path flow;
    private static Path vae;

    @BeforeAll
    static void train() throws IOException {
        Random random = new Random(4);
        List<String> lines = new ArrayList<>(List.of("id,a,kind,b"));
        for (int i = 0; i < ROWS; i++) {
            lines.add("r" + i + "," + random.nextGaussian() + "," + (i % 3 == 0 ? "x" : "y") + "," + random.nextInt(9));
        }
        table = Files.write(folder.resolve("table.csv"), lines);
        String data =
                "data: {type: csv, path: '" + table + "', columns: {id: id, a: number, kind: category, b: integer}}\n";
        String training = "training: {epochs: 1, batchSize: 50, imagesEvery: 9}\nevaluation: {importanceSamples: 3}\n";
        flow = train("flow", data + "model: {type: realnvp, couplings: 2, conditioner: {hidden: [8]}}\n" + training);
        vae = train(
                "vae",
                data
                        + "model: {type: vae, latent: 2, encoder: {hidden: [8]}, decoder: {hidden: [8]}, likelihood: {type:"
                        + " gaussian}}\n" + training);
    }

    private static Path train(String name, String yaml) throws IOException {
        Path config = Files.writeString(folder.resolve(name + ".yaml"), yaml);
        Program.run("train", config, "--runs", folder.resolve("runs")).succeeded();
        return folder.resolve("runs").resolve(name);
    }

    /** A pipe whose writer is slow: no read gives more than so many bytes, after which none are there for now. */
    private static InputStream slowly(byte[] content, int most) {
        return new ByteArrayInputStream(content) {
            private int given;

            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                int count = super.read(target, offset, Math.min(length, most));
                given = 0;
                return count;
            }

            @Override
            public synchronized int available() {
                return ++given % 2 == 1 ? 0 : Math.min(most, super.available());
            }
        };
    }

    private static Program.Result piped(InputStream in, Object... arguments) {
        InputStream before = System.in;
        try {
            System.setIn(in);
            return Program.run(arguments);
        } finally {
            System.setIn(before);
        }
    }

    private static Program.Result piped(String text, Object... arguments) {
        return piped(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), arguments);
    }

    @Test
    void numbersDoNotDependOnHowRowsCome() throws IOException {
        byte[] content = Files.readAllBytes(table);
        for (Path run : List.of(flow, vae)) {
            Program.run("calibrate", run, "--input", table, "--false-alarms", 0.1)
                    .succeeded();
            List<String> whole = Program.run("score", run, "--input", table, "--output", "-", "--explain")
                    .out();
            assertThat(whole).hasSize(ROWS + 1);
            for (int most : new int[] {7, 100, 3000, 1 << 20}) {
                Program.Result result = piped(slowly(content, most), "score", run, "--input", "-", "--explain");
                assertThat(result.exit()).as("%s", result).isZero();
                assertThat(result.out()).as("%s by %d bytes", run, most).isEqualTo(whole);
                assertThat(result.err()).anyMatch(line -> line.startsWith("700 rows, mean log_likelihood "));
            }
            assertThat(piped(slowly(content, 500), "score", run, "--input", "-", "--images", 3, "--explain")
                            .out())
                    .isEqualTo(whole.subList(0, 4));
        }
    }

    @Test
    void jsonLinesHaveTheSameCells() throws IOException {
        Path file = folder.resolve("scores.jsonl");
        Program.run("score", vae, "--input", table, "--format", "jsonl", "--output", file)
                .succeeded();
        Program.run("score", vae, "--input", table, "--output", folder.resolve("scores.csv"))
                .succeeded();
        List<String> csv = Files.readAllLines(folder.resolve("scores.csv"));
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(ROWS);
        String[] header = csv.get(0).split(",", -1);
        for (int i = 0; i < ROWS; i++) {
            JsonNode object = new JsonMapper().readTree(lines.get(i));
            String[] cells = csv.get(i + 1).split(",", -1);
            assertThat(object.propertyNames()).containsExactly(header);
            for (int j = 0; j < header.length; j++) {
                JsonNode value = object.get(header[j]);
                assertThat(value.isNull() ? "" : value.asString()).isEqualTo(cells[j]);
            }
            assertThat(object.get("log_likelihood").isNumber()).isTrue();
            assertThat(object.get("id").stringValue()).isEqualTo("r" + i);
        }
        assertThat(piped(Files.readString(table), "score", vae, "--input", "-", "--format", "jsonl")
                        .out())
                .isEqualTo(lines);
        Program.run("score", vae, "--input", table, "--format", "jsonl").succeeded();
        assertThat(vae.resolve("scores-input-table.jsonl")).hasSameTextualContentAs(file);
    }

    /** Numbers that are none are texts. */
    @Test
    void aRowThatOverflowsIsALineToo() {
        Program.Result result = piped("kind,b,a\nx,3,1e30\n", "score", flow, "--input", "-", "--format", "jsonl");
        assertThat(result.exit()).as("%s", result).isZero();
        assertThat(result.out())
                .singleElement()
                .asString()
                .contains("\"log_likelihood\":\"-Infinity\"", "\"standard_error\":null", "\"note\":\"overflow\"");
    }

    @Test
    void whatIsWrongIsToldInOneLineAfterTheRowsBefore() throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(table).subList(0, 4));
        lines.add("r9,heavy,x,3");
        Program.Result result = piped(String.join("\n", lines), "score", flow, "--input", "-");
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err())
                .last()
                .asString()
                .isEqualTo("error: standard input:5:a: expected a number, was 'heavy'");
        // A file is written whole or not at all.
        Path file = folder.resolve("none.csv");
        piped(String.join("\n", lines), "score", flow, "--input", "-", "--output", file);
        assertThat(file).doesNotExist();
        piped("", "score", flow, "--input", "-").toldInOneLine(1, List.of("standard input: is empty"));
        piped("id,a,kind,b\n", "score", flow, "--input", "-").toldInOneLine(1, List.of("standard input: has no rows"));
        piped("id,a,kind\nr,1,x\n", "score", flow, "--input", "-").toldInOneLine(1, List.of("has no column 'b'"));
        piped(new ByteArrayInputStream(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0}), "score", flow, "--input", "-")
                .toldInOneLine(1, List.of("standard input", "it is gzipped"));
        piped("a", "evaluate", flow, "--input", "-").toldInOneLine(1, List.of("only score reads standard input"));
        piped("a", "calibrate", flow, "--input", "-").toldInOneLine(1, List.of("only score reads standard input"));
        Path digits = Program.train(folder, Program.FLOW);
        piped("a,b\n1,2\n", "score", digits, "--input", "-")
                .toldInOneLine(1, List.of("standard input: is a table, but the run was trained on images"));
        Program.run("score", flow, "--format", "jsonl", "--output", "x.csv")
                .toldInOneLine(1, List.of("--output must end in .jsonl"));
    }

    @Test
    void rowsWithMissingCellsAreLeftOutIfThatIsSaid() {
        Program.Result result = piped(
                "a,kind,b\n1,x,\n2,y,3\n,x,1\n3,x,4\n", "score", flow, "--input", "-", "--set", "data.missing=drop");
        assertThat(result.exit()).as("%s", result).isZero();
        assertThat(result.out().stream().skip(1).map(line -> line.replaceFirst(",.*", "")))
                .containsExactly("1", "3");
    }
}
