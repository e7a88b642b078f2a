package org.likelihood4j.score.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of an export made by hand: {@code log p = a/2 - 2 b}, exactly. */
class ScoreCsvTest {
    private static final String MODEL = """
            {"format": "likelihood4j-export", "formatVersion": 3, "run": "by-hand", "precision": "float64",
             "data": {"columns": [{"name": "a", "kind": "number"}, {"name": "b, c", "kind": "number"}]},
             "functions": {"log_weight": {"inputs": [{"name": "x", "kind": "data", "columns": 2}]}},
             "noise": {"seed": 3, "runSeed": 4}, "score": {"exact": true, "draws": 1}@CALIBRATION@}
            """;
    private static final String CALIBRATION =
            ", \"calibration\": {\"score\": \"likelihood\", \"falseAlarms\": 0.25, \"draws\": 1, \"overflows\": 0, \"scores\": [-1, 0, 2]}";
    private static final String PROGRAM = """
            {"format": "likelihood4j-program", "formatVersion": 3, "functions": {"log_weight": {"values": [
            {"op": "input", "name": "x", "shape": ["N", 2]},
            {"op": "tensor", "name": "v", "shape": [2, 1]},
            {"op": "product", "transposeA": false, "transposeB": false, "of": [0, 1], "shape": ["N", 1]},
            {"op": "view", "of": [2], "shape": [1, "N"]}],
            "outputs": {"log_weight": {"value": 3, "shape": ["N"]}}}}}
            """;

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void export() throws IOException {
        model("");
        Files.writeString(folder.resolve("program.json"), PROGRAM);
        byte[] header = "{\"v\": {\"dtype\": \"F64\", \"shape\": [2, 1], \"data_offsets\": [0, 16]}}"
                .getBytes(StandardCharsets.UTF_8);
        Files.write(
                folder.resolve("weights.safetensors"),
                ByteBuffer.allocate(Long.BYTES + header.length + 16)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(header.length)
                        .put(header)
                        .putDouble(0.5)
                        .putDouble(-2)
                        .array());
    }

    private void model(String calibration) throws IOException {
        Files.writeString(folder.resolve("model.json"), MODEL.replace("@CALIBRATION@", calibration));
    }

    private int run(String input, String... arguments) {
        return ScoreCsv.run(
                arguments,
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String result() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String error() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void rowsOfAFileAreScored() throws IOException {
        Path rows = folder.resolve("rows.csv");
        // A mark before UTF-8, both ends of lines, quotes with commas, quotes and lines in them, other columns, an
        // empty line, no last end.
        Files.writeString(
                rows,
                "\ufeff\"b, c\",note,a\r\n1,\"x,\"\"y\r\nz\",4\n\n\"-0.5\",,0\n0,\u00e9,1e3",
                StandardCharsets.UTF_8);
        assertThat(run("", folder.toString(), rows.toString())).as(error()).isZero();
        assertThat(result()).isEqualTo("index,log_likelihood\n0,0.0\n1,1.0\n2,500.0\n");
        assertThat(error()).isEmpty();
    }

    /** As the framework reads them: blanks around cells, lines of blanks, Mac's old ends of lines, other columns of one name. */
    @Test
    void whatTheWorldWritesBesideTheStandardIsRead() {
        String text = " a ,\t\"b, c\" ,x,x\r 1 ,\"4\" ,,\r  \r\r-0.5,0,p q ,";
        assertThat(run(text, folder.toString(), "-")).as(error()).isZero();
        String plain = result();
        assertThat(run("a,\"b, c\"\n1,4\n-0.5,0\n", folder.toString(), "-")).isZero();
        assertThat(result()).isEqualTo(plain + plain);
        assertThat(plain).hasLineCount(3);
    }

    @Test
    void aCalibratedModelSaysHowRareARowIs() throws IOException {
        model(CALIBRATION);
        assertThat(run("a,\"b, c\"\n0,0\n-8,0\n", folder.toString()))
                .as(error())
                .isZero();
        // Of -log p = 0 two of three held-out ones are as strange, of 4 none.
        assertThat(result()).isEqualTo("index,log_likelihood,p_value,alarm\n0,0.0,0.75,false\n1,-4.0,0.25,true\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            | standard input: is empty, expected a header and rows
            a,b\\n1,2\\n | standard input: the header has no column b, c; it has a, b. Commas stand between columns
            x;y\\n1;2\\n | standard input: the header has no column a, b, c; it has x;y. Commas stand between columns
            a,"b, c"\\n1,2\\n1,many\\n | standard input, line 3: column 'b, c': expected a number, was 'many'
            a,"b, c"\\n1\\n | standard input, line 2: 1 cells under a header of 2; commas stand between cells
            a,"b, c"\\n1,"2\\n3,4\\n | standard input, line 2: a quote has no end
            a,"b, c"\\n1,"2"3\\n | standard input, line 2: text behind the quote that ends a cell
            a,"b, c",a\\n1,2,3\\n | standard input: the header has 'a' twice
            """)
    void whatCannotBeScoredIsOneLine(String input, String message) {
        String text = input == null ? "" : input.replace("\\n", "\n");
        assertThat(run(text, folder.toString(), "-")).isEqualTo(1);
        assertThat(error()).isEqualTo("error: " + message + "\n");
    }

    @Test
    void whatIsNoTextOrNotThereIsOneLine() throws IOException {
        Path rows = folder.resolve("rows.csv");
        assertThat(run("", folder.toString(), rows.toString())).isEqualTo(1);
        Files.write(rows, new byte[] {'a', ',', (byte) 0xff, '\n'});
        assertThat(run("", folder.toString(), rows.toString())).isEqualTo(1);
        assertThat(run("", folder.resolve("none").toString())).isEqualTo(1);
        assertThat(error().lines())
                .containsExactly(
                        "error: " + rows + ": cannot be read; expected a CSV file",
                        "error: " + rows
                                + ": is no text in UTF-8; save it as UTF-8, such as with iconv -f latin1 -t utf-8",
                        "error: " + folder.resolve("none").resolve("model.json")
                                + ": cannot be read; an export has model.json, program.json and weights.safetensors");
        assertThat(run("")).isEqualTo(2);
        assertThat(run("", "--help")).isZero();
        assertThat(result()).startsWith("usage: l4j-score EXPORT");
    }

    @Test
    void aReaderWhoHasGoneEndsIt() {
        PrintStream closed = new PrintStream(new ByteArrayOutputStream() {
            @Override
            public void flush() throws IOException {
                throw new IOException("gone");
            }
        });
        String rows = "a,\"b, c\"\n" + "1,2\n".repeat(3);
        assertThat(ScoreCsv.run(
                        new String[] {folder.toString()},
                        new ByteArrayInputStream(rows.getBytes(StandardCharsets.UTF_8)),
                        closed,
                        new PrintStream(err, true, StandardCharsets.UTF_8)))
                .isEqualTo(1);
        assertThat(error()).isEqualTo("error: standard output was closed before all rows were written\n");
    }
}
