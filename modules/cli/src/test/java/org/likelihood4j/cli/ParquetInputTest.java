package org.likelihood4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.csv.CsvWriter;
import org.likelihood4j.data.parquet.ParquetFile;
import org.likelihood4j.data.tables.TypedRow;

/** All that is done with a table of text is done with the same one as Parquet, with the same outcome. */
class ParquetInputTest {
    private static final int PARTS = 20;
    private static final int ROWS = 12 * PARTS;
    private static final List<String> COLUMNS =
            List.of("place", "x", "f", "truth", "n", "word", "day", "point", "clock", "money");

    /** Of a column of text all cells must be written alike. */
    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXX");

    private static final String REST =
            ", missing: mask, columns: {place: id, x: number, f: number, n: integer, truth: boolean, word: category, day: date,"
                    + " point: date, clock: date, '*': ignore}}\n" + """
                    model: {type: vae, latent: 2, likelihood: {type: columns}, encoder: {hidden: [8]}, decoder: {hidden: [8]}}
                    training: {epochs: 2, batchSize: 24, imagesEvery: 9}
                    evaluation: {importanceSamples: 3, repeats: 1}
                    """;

    @TempDir
    private static Path folder;

    private static Path parquet;
    private static Path csv;
    private static Path ofParquet;
    private static Path ofCsv;

    @BeforeAll
    static void train() throws IOException {
        parquet = Files.createDirectories(folder.resolve("table"));
        for (int i = 0; i < PARTS; i++) {
            Files.write(parquet.resolve(String.format("part-%05d.snappy.parquet", i)), sample());
        }
        Files.createFile(parquet.resolve("_SUCCESS"));
        csv = folder.resolve("table.csv");
        try (OutputStream out = Files.newOutputStream(csv)) {
            CsvWriter.stream(
                    out,
                    ',',
                    COLUMNS,
                    rows -> new ParquetFile(parquet).each(COLUMNS, ProgressListener.none(), (row, place) -> {
                        List<Object> cells = new ArrayList<>();
                        IntStream.range(0, COLUMNS.size())
                                .forEach(i -> cells.add(
                                        ((TypedRow) row).cell(i) instanceof Instant point
                                                ? MILLIS.format(point.atOffset(ZoneOffset.UTC))
                                                : row.text(i)));
                        try {
                            rows.add(cells);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }));
        }
        ofParquet = trained("parquet", parquet);
        ofCsv = trained("csv", csv);
    }

    /** Written by Spark. */
    private static byte[] sample() throws IOException {
        Path text = Path.of("..", "data", "src", "test", "resources", "parquet", "snappy-v1-words.base64");
        return Base64.getMimeDecoder().decode(Files.readString(text));
    }

    private static Path trained(String type, Path path) throws IOException {
        Path config = Files.writeString(
                folder.resolve("of-" + type + ".yaml"), "data: {type: " + type + ", path: '" + path + "'" + REST);
        Program.run("train", config, "--runs", folder.resolve("runs")).succeeded();
        return folder.resolve("runs/of-" + type);
    }

    private static String output(Object... arguments) {
        Program.Result result = Program.run(arguments);
        assertThat(result.exit()).as("%s", result).isZero();
        return result.text();
    }

    @Test
    void theTrainingIsTheSame() throws IOException {
        Path weights = Path.of("checkpoints", "epoch-0002", "weights.safetensors");
        assertThat(ofParquet.resolve(weights)).hasSameBinaryContentAs(ofCsv.resolve(weights));
        String kept = Files.readString(ofParquet.resolve("config.yaml"));
        assertThat(kept)
                .contains("  - type: date\n    name: day\n    format: uuuu-MM-dd\n    origin: 2024-01-01\n")
                .contains("    name: point\n    format: \"uuuu-MM-dd'T'HH:mm:ss.SSSXXX\"\n")
                .contains("    name: clock\n    format: \"uuuu-MM-dd HH:mm:ss\"\n");
        Program.run("resume", ofParquet).succeeded();
    }

    @Test
    void scoresAreTheSameWhicheverARunWasTrainedOn() {
        String scores = output("score", ofCsv, "--input", csv, "--output", "-");
        assertThat(scores.lines()).hasSize(ROWS + 1);
        for (Path run : List.of(ofParquet, ofCsv)) {
            for (Path input : List.of(parquet, csv)) {
                assertThat(output("score", run, "--input", input, "--output", "-"))
                        .as("%s of %s", run, input)
                        .isEqualTo(scores);
            }
        }
        assertThat(output("score", ofParquet, "--split", "test", "--output", "-"))
                .isEqualTo(output("score", ofCsv, "--split", "test", "--output", "-"));
    }

    @Test
    void evaluationAndFilling() throws IOException {
        Path part = parquet.resolve("part-00003.snappy.parquet");
        assertThat(output("evaluate", ofParquet, "--input", part)).contains("all 12 rows of " + part);
        assertThat(output("impute", ofParquet, "--input", part)).contains("imputed-part-00003.snappy.parquet.csv");
        List<String> filled = Files.readAllLines(ofParquet.resolve("imputed-part-00003.snappy.parquet.csv"));
        assertThat(filled.get(0)).isEqualTo("place,x,f,truth,n,word,day,point,clock,money,bytes,list");
        assertThat(filled.get(1)).startsWith("0,-3,0,true,-5,w0,2024-01-01,2024-01-01T00:00:00Z,");
        assertThat(filled).hasSize(13).noneMatch(line -> line.contains(",,"));
    }

    @Test
    void initGuessesWhatColumnsHold() throws IOException {
        Path made = folder.resolve("made.yaml");
        assertThat(output("init", "--data", "parquet", parquet, "--model", "vae", "--output", made))
                .contains("  word   category  3 different words such as 'w0'")
                .contains("  day    date      dates such as '2024-01-01'")
                .contains("  point  date      dates such as '2024-01-01T00:00:00Z'")
                .contains("  truth  boolean   is false or true")
                .contains("  list   ignore    is always '(nested)'");
        Program.run("validate", made).succeeded();
    }

    @Test
    void mistakesAreToldInOneLine() throws IOException {
        Path config = Files.writeString(
                folder.resolve("bad.yaml"),
                "data: {type: parquet, path: '" + parquet + "'}\nmodel: {type: realnvp}\ntraining: {epochs: 1}\n");
        Program.run("validate", config)
                .toldInOneLine(1, List.of("column 'word' holds text, not numbers ('w0' in row 0)", "data.columns"));
        Program.run("validate", config, "--set", "data.columns=[x, f]")
                .toldInOneLine(
                        1, List.of(parquet + ": 60 of 240 rows have missing cells ('x' 60; the first in row 3:x)"));
        Program.run("validate", config, "--set", "data.columns=[x, y]")
                .toldInOneLine(1, List.of(parquet + ": has no column 'y'; it has place, x, f"));
        Path cut = Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(sample(), 2000));
        Program.run("score", ofCsv, "--input", cut)
                .toldInOneLine(1, List.of(cut + ": cannot be read as Parquet (it ends too early"));
        Program.run(
                        "train",
                        config,
                        "--runs",
                        folder.resolve("runs"),
                        "--set",
                        "data.shape=[1,1,3]",
                        "--set",
                        "model.type=vae")
                .toldInOneLine(1, List.of("'bytes' holds 2 bytes, but images of 1x1x3 are 3 pixels"));
    }

    /** A byte for each pixel, and classes. */
    @Test
    void imagesAreAColumnOfBytes() throws IOException {
        Path config = Files.writeString(
                folder.resolve("images.yaml"),
                "data: {type: parquet, path: '" + parquet + "', label: word, shape: [1, 1, 2]}\n" + """
                model: {type: vae, latent: 1, encoder: {hidden: [4]}, decoder: {hidden: [4]}, condition: label, classes: 3}
                training: {epochs: 1, batchSize: 24}
                evaluation: {importanceSamples: 2, repeats: 1}
                """);
        Program.run("train", config, "--runs", folder.resolve("runs")).succeeded();
        Path run = folder.resolve("runs/images");
        List<String> scores = output("score", run, "--input", parquet, "--output", "-")
                .lines()
                .toList();
        assertThat(scores).hasSize(ROWS + 1);
        assertThat(scores.get(0)).startsWith("index,label,");
        assertThat(scores.get(15)).startsWith("14,w2,");
        assertThat(output("calibrate", run, "--input", parquet, "--false-alarms", "0.1"))
                .contains("all 240 images of " + parquet);
    }
}
