package org.likelihood4j.data.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.Setting;
import org.likelihood4j.data.SplitShares;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.columns.Column;
import org.likelihood4j.data.columns.ColumnKind;
import org.likelihood4j.data.sources.CsvSource;
import org.likelihood4j.data.tables.ColumnChoice;
import org.likelihood4j.data.tables.MissingCells;
import org.likelihood4j.data.tables.TableContent;
import org.likelihood4j.data.tables.TableRows;

class CsvSourceTest {
    @TempDir
    Path folder;

    @Test
    void readsQuotesBlanksAndEveryWayOfWritingANumber() {
        Path file = write("\ufeff\"a, b\", c ,kind\r\n\"1\", -2.5 ,x\n\n+.5,1e3,\"y \"\"z\"\"\"\n7.,-1E-3,x\n");
        TableContent content = read(file, Optional.empty(), "kind");
        assertThat(content.names()).containsExactly("a, b", "c");
        assertThat(content.values()).containsExactly(1, -2.5, 0.5, 1000, 7, -0.001);
        assertThat(content.labels()).containsExactly("x", "y \"z\"", "x");
        assertThat(csv(file).head().names()).containsExactly("a, b", "c", "kind");
        TableContent one = read(file, Optional.of(List.of("c")), null);
        assertThat(one.values()).containsExactly(-2.5, 1000, -0.001);
    }

    @Test
    void withoutAHeaderColumnsAreNumbered() {
        Path file = write("1;2\n3;4\n");
        assertThat(csv(file).head().names()).containsExactly("x1", "x2");
        assertThat(read(file, Optional.empty(), null).values()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void labelsAreNumberedByNameAcrossBothFiles() throws IOException {
        Path train = write("kind,x\nred,1\nblue,2\nred,3\n");
        Path test = Files.writeString(folder.resolve("test.csv"), "x,kind\n4,red\n5,green\n");
        CsvSource source =
                new CsvSource(train, Optional.of(test), layout(Optional.empty(), "kind"), new SplitShares(0, 0, 1));
        assertThat(source.shape().names()).containsExactly("x");
        Splits splits = source.load(ProgressListener.none());
        for (int i = 0; i < 3; i++) {
            assertThat(splits.train().label(i)).isEqualTo(splits.train().values(i)[0] == 2 ? 0 : 2);
        }
        assertThat(splits.test().values(1)).containsExactly(5);
        assertThat(splits.test().label(1)).isEqualTo(1);
    }

    /** As a new file for a trained model comes: other columns too, in another order, labelled or not. */
    @Test
    void allRowsOfAnotherFileInItsOrder() throws IOException {
        Path train = write("kind,x,y\nred,1,10\nblue,2,20\n");
        CsvSource source = new CsvSource(
                train, Optional.empty(), layout(Optional.of(List.of("x", "y")), "kind"), new SplitShares(0, 0, 1));
        assertThat(source.load(ProgressListener.none()).classes()).containsExactly("blue", "red");
        Path other =
                Files.writeString(folder.resolve("new.csv"), "y,note,kind,x\n40,a,red,4\n30,b,green,3\n50,,red,5\n");
        TableRows rows = source.rows(other, ProgressListener.none());
        assertThat(rows.table().shape().names()).containsExactly("x", "y");
        assertThat(rows.table().gather(new int[] {0, 1, 2}).doubles()).containsExactly(4, 40, 3, 30, 5, 50);
        assertThat(rows.labels()).containsExactly("red", "green", "red");
        assertThat(rows.classes()).containsExactly("green", "red");
        assertThat(rows.table().label(0)).isEqualTo(1);
        assertThat(rows.places()).containsExactly(0, 1, 2);
        Path unlabelled = Files.writeString(folder.resolve("unlabelled.csv"), "y,x\n1,2\n");
        assertThat(source.rows(unlabelled, ProgressListener.none()).labels()).isEmpty();
        Path short1 = Files.writeString(folder.resolve("short.csv"), "x,kind\n1,red\n");
        assertThatThrownBy(() -> source.rows(short1, ProgressListener.none()))
                .hasMessage(short1 + ": has no column 'y'; it has x, kind");
    }

    /** Names that count the columns fit any file with as many and more. */
    @Test
    void withoutNamesAWiderFileIsRefusedUnlessColumnsWereChosen() throws IOException {
        Path own = write("1,2,7\n3,4,8\n");
        Path wider = Files.writeString(folder.resolve("wider.csv"), "9,9,1,2\n9,9,3,4\n");
        CsvSource all = headerless(own, List.of("x1", "x2"), "x3");
        assertThatThrownBy(() -> all.rows(wider, ProgressListener.none()))
                .isInstanceOf(DataException.class)
                .hasMessage(wider
                        + ": has 4 columns without names, but the run's data had 3; remove the others, or name"
                        + " columns x1, x2 in a first row and --set data.header=true");
        TableRows same = all.rows(own, ProgressListener.none());
        assertThat(same.named()).isFalse();
        assertThat(same.labels()).containsExactly("7", "8");
        Path unlabelled = Files.writeString(folder.resolve("unlabelled.csv"), "5,6\n7,8\n");
        assertThat(all.rows(unlabelled, ProgressListener.none()).table().values(1))
                .containsExactly(7, 8);
        Path named = Files.writeString(folder.resolve("named.csv"), "a,x2,b,x1\n9,2,9,1\n9,4,9,3\n");
        CsvSource headed = source(own, true, List.of("x1", "x2"), "x3");
        TableRows found = headed.rows(named, ProgressListener.none());
        assertThat(found.named()).isTrue();
        assertThat(found.table().values(1)).containsExactly(3, 4);
        CsvSource chosen = headerless(wider, List.of("x1", "x2"), "x3");
        assertThat(chosen.rows(wider, ProgressListener.none()).table().values(1))
                .containsExactly(9, 9);
        Path gone = folder.resolve("gone.csv");
        CsvSource without = headerless(gone, List.of("x1", "x2"), "x3");
        assertThatThrownBy(() -> without.rows(wider, ProgressListener.none())).hasMessageContaining("has 4 columns");
        // The columns of an array file, which have no other names.
        ColumnChoice array = new ColumnChoice(Optional.of(List.of("x1", "x2", "x3")), Optional.empty());
        CsvSource unknown = new CsvSource(
                wider,
                Optional.empty(),
                CsvSource.Layout.unknown(array, MissingCells.REFUSE),
                new SplitShares(0, 0, 1));
        assertThatThrownBy(() -> unknown.rows(wider, ProgressListener.none())).hasMessageContaining("data had 3");
    }

    private static CsvSource headerless(Path data, List<String> columns, String label) {
        return source(data, false, columns, label);
    }

    private static CsvSource source(Path data, boolean header, List<String> columns, String label) {
        CsvSource.Layout layout = new CsvSource.Layout(
                Optional.of(','),
                Optional.of('.'),
                Optional.of(header),
                new ColumnChoice(Optional.of(columns), Optional.of(label)),
                MissingCells.REFUSE);
        return new CsvSource(data, Optional.empty(), layout, new SplitShares(0, 0, 1));
    }

    /** A run of an earlier version does not say how its file was written. */
    @Test
    void anotherFileIsReadAsItIsWrittenWhereTheOwnOneIsGone() throws IOException {
        Path gone = folder.resolve("gone.csv");
        CsvSource.Layout layout = new CsvSource.Layout(
                Optional.empty(),
                Optional.empty(),
                Optional.of(true),
                new ColumnChoice(Optional.of(List.of("x", "y")), Optional.empty()),
                MissingCells.REFUSE);
        CsvSource source = new CsvSource(gone, Optional.empty(), layout, new SplitShares(0, 0, 1));
        Path other = Files.writeString(folder.resolve("new.csv"), "y;x\n1,5;2\n3;4,25\n");
        assertThat(source.rows(other, ProgressListener.none()).table().values(1))
                .containsExactly(4.25, 3);
        assertThatThrownBy(() -> source.load(ProgressListener.none())).hasMessage(gone + ": no such file");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void refusesInOneLine(String name, byte[] content, String message) throws IOException {
        Path file = Files.write(folder.resolve("data.csv"), content);
        assertThatThrownBy(() -> read(file, Optional.empty(), null))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    static Stream<Arguments> hostile() {
        return Stream.of(
                bad("empty", "", "is empty"),
                bad("only comments", "# a\n% b\n", "is empty"),
                bad("only a header", "a,b\n", "has no rows"),
                bad("a word", "a,b\n1,2\n2,3\n3,abc\n", "data.csv:4:b: expected a number, was 'abc'"),
                bad("infinite", "a,b\n1,2\n3,-inf\n2,2\n", ":3:b: expected a number, was '-inf', which is not finite"),
                bad("too large", "a,b\n1,1e999\n", ":2:b: expected a number, was '1e999', which is beyond 1e30"),
                bad(
                        "beyond float32",
                        "a,b\n1,-2e30\n1,1\n1,1\n",
                        ":2:b: expected a number, was '-2e30', which is beyond"),
                bad("too small", "a,b\n1,1e-400\n2,2\n3,1\n", ":2:b: expected a number, was '1e-400', which is not 0"),
                bad("Java's suffix", "a,b\n1,1\n1,2\n1,1d\n", "was '1d'"),
                bad("hexadecimal", "a,b\n1,1\n1,2\n1,0x1p3\n", "was '0x1p3'"),
                bad("thousands", "a,b\n1,2\n2,3\n2,\"1,234.5\"\n", "write numbers without separators of thousands"),
                bad("a unit", "a,b\n1,2\n2,3\n2,5%\n", "write numbers without their unit"),
                bad("another decimal sign", "a;b\n1.5;2\n1.5;3\n1.5;2,5\n", "is the decimal sign another one"),
                bad("another minus", "a,b\n1,2\n2,3\n2,\u22125\n", "its minus is U+2212"),
                bad("too few cells", "a,b\n1,2\n3\n", "data.csv:3: has 1 cells; expected 2"),
                bad("too many cells", "a,b\n1,2\n1,2,3\n1,2\n", "data.csv:3: has 3 cells; expected 2"),
                bad("half a header", "1.5,b\n1,2\n2,2\n", ":1: the first row holds words ('b') and numbers ('1.5')"),
                // Found by fuzzing.
                bad("terminal escapes in a name", "a\u001b[31m,b\nx,1\n", "data.label='a\\u001b[31m'"),
                bad("all text", "a,b\nx,y\nz,w\n", "no column holds numbers: 'a' holds text"),
                bad("an open quotation mark", "a,b\n\"" + "1,2\n".repeat(400_000), "more than 1048576"),
                bad(
                        "an open quotation mark at the end",
                        "a,b\n\"1,2\n",
                        "the quotation mark in line 2 is never closed"),
                bad("text behind a quotation mark", "a,b\n\"1\"x,2\n", "line 2 has text behind the quotation mark"),
                bad("one long row", "a".repeat(3 << 20), "more than 1048576"),
                bad("many columns", "1,".repeat(5000) + "1\n", "has 5001 columns; at most 4096"),
                bad("terminal escapes", "a,b\n1,2\n1,2\n1,\u001b[31m\n", "\\u001b[31m"),
                bad("an Excel workbook", "PK\u0003\u0004 and so on", "it is a zip archive or an Excel workbook"),
                Arguments.of("not UTF-8", new byte[] {'a', '\n', (byte) 0xff, '\n'}, "it is not UTF-8"),
                Arguments.of("UTF-16 without its mark", "a,b\n1,2\n".getBytes(StandardCharsets.UTF_16LE), "UTF-16"),
                Arguments.of("UTF-32", new byte[] {-1, -2, 0, 0, 'a', 0, 0, 0}, "UTF-32"),
                Arguments.of(
                        "cut gzip", Arrays.copyOf(gzip("a,b\n1,2\n".repeat(100)), 30), "its gzip data end too early"),
                bad("zero bytes", "a,b\n1,2\n1,2\n1,\0\n", "expected a number, was '\\u0000'"));
    }

    private static Arguments bad(String name, String content, String message) {
        return Arguments.of(name, content.getBytes(StandardCharsets.UTF_8), message);
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zipped = new GZIPOutputStream(out)) {
            zipped.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** The same table, as programs write it: it must read the same. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("dialects")
    void readsATableHoweverItIsWritten(String name, byte[] content, CsvDialect dialect, String notes)
            throws IOException {
        Path file = Files.write(folder.resolve("data.csv"), content);
        TableContent read = read(file, Optional.empty(), null);
        assertThat(csv(file).dialect()).isEqualTo(dialect);
        assertThat(read.names())
                .containsExactly(dialect.header() ? new String[] {"a", "b"} : new String[] {"x1", "x2"});
        assertThat(read.values()).containsExactly(1.5, -2, 0.25, 30, 7, 8.5);
        assertThat(String.join("; ", read.notes())).contains(notes);
    }

    static Stream<Arguments> dialects() {
        String commas = "a,b\n1.5,-2\n0.25,30\n7,8.5\n";
        CsvDialect plain = new CsvDialect(',', '.', true);
        return Stream.of(
                alike("plain", commas, plain),
                alike("semicolons", commas.replace(',', ';'), new CsvDialect(';', '.', true)),
                alike("tabs", commas.replace(',', '\t'), new CsvDialect('\t', '.', true)),
                alike("bars", commas.replace(',', '|'), new CsvDialect('|', '.', true)),
                alike("blanks", "   a     b\n 1.5  -2\n0.25 \t30  \n 7   8.5\n", new CsvDialect(' ', '.', true)),
                alike("decimal commas", commas.replace(',', ';').replace('.', ','), new CsvDialect(';', ',', true)),
                alike(
                        "decimal commas and blanks",
                        commas.replace(',', ' ').replace('.', ','),
                        new CsvDialect(' ', ',', true)),
                alike("no header", commas.substring(4), new CsvDialect(',', '.', false)),
                alike("comments", "# made by x\n\n% and, y, z\n" + commas, plain),
                alike("Excel's note", "sep=;\n" + commas.replace(',', ';'), new CsvDialect(';', '.', true)),
                alike("CRLF", commas.replace("\n", "\r\n"), plain),
                alike("CR", commas.replace("\n", "\r"), plain),
                alike("all quoted", "\"a\",\"b\"\n\"1.5\",\"-2\"\n\"0.25\",\"30\"\n\"7\",\"8.5\"\n", plain),
                Arguments.of("gzip", gzip(commas), plain, ""),
                Arguments.of("UTF-16", ("\ufeff" + commas).getBytes(StandardCharsets.UTF_16LE), plain, ""),
                Arguments.of("UTF-16, big-endian", ("\ufeff" + commas).getBytes(StandardCharsets.UTF_16BE), plain, ""),
                Arguments.of(
                        "a comma at the end of each line",
                        commas.replace("\n", ",\n").getBytes(StandardCharsets.UTF_8),
                        plain,
                        "column 3 is empty and is left out"),
                Arguments.of(
                        "a comma at the end of all but the header",
                        "a,b\n1.5,-2,\n0.25,30,\n7,8.5,\n".getBytes(StandardCharsets.UTF_8),
                        plain,
                        "column 3 is empty and is left out"));
    }

    private static Arguments alike(String name, String content, CsvDialect dialect) {
        return Arguments.of(name, content.getBytes(StandardCharsets.UTF_8), dialect, "");
    }

    /** A first row of numbers is data, unless it counts as pandas or R do. */
    @Test
    void onlyCountsAreAHeader() {
        for (String first : List.of("0,1,2,3", ",0,1,2", ",1,2")) {
            assertThat(isHeader(first)).as(first).isTrue();
        }
        for (String first : List.of("1,2,3,4", "0,1,2", "0,1,2,4", "0,2,3,4", "1,1,2,3", ",0,2,3", ",1,1,2")) {
            assertThat(isHeader(first)).as(first).isFalse();
        }
        assertThat(read(write("1,2,3,4\n5,6,7,9\n"), Optional.empty(), null).values())
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 9);
    }

    private boolean isHeader(String first) {
        String row = "7" + ",0.5".repeat(first.split(",").length - 1) + "\n";
        return csv(write(first + "\n" + row + row)).dialect().header();
    }

    /** pandas' index, and R's names of rows, which have no name at all. */
    @Test
    void columnsWithoutANameGetOne() {
        StringBuilder pandas = new StringBuilder(",a,a\n");
        StringBuilder r = new StringBuilder("\"a\" \"b\"\n");
        for (int i = 0; i < 12; i++) {
            pandas.append(i + ",0.5,1." + i + "\n");
            r.append("\"" + (i + 1) + "\" 0.5 1." + i + "\n");
        }
        TableContent content = read(write(pandas.toString()), Optional.empty(), null);
        assertThat(content.names()).containsExactly("column1", "a", "a.3");
        assertThat(content.notes())
                .anyMatch(note -> note.contains("column 1 has no name and is called 'column1'"))
                .anyMatch(note ->
                        note.endsWith("'column1' counts the rows, and is no measurement: leave it out with --set"
                                + " \"data.columns=[-column1]\""));
        assertThat(read(write(r.toString()), Optional.empty(), null).names()).containsExactly("column1", "a", "b");
        Path unnamed = write(",0,1\n0,5,0.5\n1,6,0.25\n");
        assertThat(csv(unnamed).head().names()).containsExactly("column1", "0", "1");
    }

    /** Whatever it was said to hold. */
    @Test
    void aColumnIsLeftOutOfWhatIsSaidOfColumns() {
        Map<String, ColumnKind> kinds = Map.of("b", new ColumnKind.Whole());
        List<String> gone = List.of("b");
        ColumnChoice named = new ColumnChoice(Optional.of(List.of("a", "b")), Optional.empty(), kinds, List.of("id"));
        assertThat(named.without(gone).value()).isEqualTo("{a: number, b: ignore, id: id, '*': ignore}");
        ColumnChoice others = new ColumnChoice(Optional.of(List.of("-c")), Optional.empty(), kinds, List.of("id"));
        assertThat(others.without(gone).value()).isEqualTo("{b: ignore, id: id, c: ignore}");
        assertThat(others.option(gone)).isEqualTo("--set data.columns.b=ignore");
    }

    @Test
    void aMinusLeavesAColumnOut() {
        Path file = write("kind,a,b b,c\nx,1,2,3\ny,4,5,6\n");
        TableContent content = read(file, Optional.of(List.of("-b b", "-a")), "kind");
        assertThat(content.names()).containsExactly("c");
        assertThat(content.values()).containsExactly(3, 6);
        assertThatThrownBy(() -> read(file, Optional.of(List.of("-b")), "kind"))
                .hasMessage(file + ": has no column 'b'; it has kind, a, b b, c");
        assertThatThrownBy(() -> read(file, Optional.of(List.of("-a", "-c", "-b b")), "kind"))
                .hasMessageContaining("no column is left");
        assertThatThrownBy(() -> read(file, Optional.of(List.of("-c")), null))
                .hasMessage(
                        file + ": column 'kind' holds text, not numbers ('x' in line 2); leave it out with --set"
                                + " \"data.columns=[-c, -kind]\", or say what it holds, such as --set"
                                + " \"data.columns={c: ignore, kind: category}\", or make one the label with --set data.label=kind");
        Path minus = write("-a,b\n1,2\n");
        assertThatThrownBy(() -> read(minus, Optional.empty(), null)).hasMessageContaining("['--a']");
        assertThat(read(minus, Optional.of(List.of("--a")), null).names()).containsExactly("b");
        Path dates = write("when,a\n2024-01-02,2\n2024-01-03,2\n");
        assertThatThrownBy(() -> read(dates, Optional.empty(), null))
                .hasMessageContaining("'when' holds dates or times, not numbers ('2024-01-02' in line 2)")
                .hasMessageEndingWith("[-when]\", or say what it holds, such as --set data.columns.when=date");
    }

    @Test
    void missingCellsAreCounted() {
        Path file = write("a,b,c,kind\n1,2,3,\n,2,3,x\n3,NA,?,x\n4,nan,5,y\n5,6,7,z\n");
        ColumnChoice choice = new ColumnChoice(Optional.empty(), Optional.of("kind"));
        assertThatThrownBy(() -> csv(file).read(choice, MissingCells.REFUSE, ProgressListener.none()))
                .hasMessage(
                        file + ": 3 of 5 rows have missing cells ('b' 2, 'a' 1, 'c' 1; the first in line 3:a); leave"
                                + " these rows out with --set data.missing=drop, or the column with --set \"data.columns=[-b]\";"
                                + " a VAE can keep them, with --set data.missing=mask");
        TableContent left = csv(file).read(choice, MissingCells.DROP, ProgressListener.none());
        assertThat(left.values()).containsExactly(1, 2, 3, 5, 6, 7);
        assertThat(left.labels()).containsExactly("", "z");
        assertThat(left.places()).containsExactly(0, 4);
        assertThat(left.notes())
                .containsExactly(file + ": left out 3 of 5 rows, which have missing cells ('b' 2, 'a' 1, 'c' 1)");
        Path empty = write("a,b\n1,\n2,\n");
        assertThatThrownBy(() -> csv(empty).read(ColumnChoice.all(), MissingCells.DROP, ProgressListener.none()))
                .hasMessageContaining("one column is empty: leave it out with --set \"data.columns=[-b]\"");
    }

    /** They stay in their rows, as NaN; what is no number is still refused. */
    @Test
    void missingCellsAreMasked() {
        Path file = write("a,b,kind\n1,2,x\n,3,x\n4,NA,y\n5,6,?\n");
        ColumnChoice choice = new ColumnChoice(
                Optional.empty(),
                Optional.empty(),
                Map.of("kind", new ColumnKind.Category(List.of("x", "y"))),
                List.of());
        TableContent content = csv(file).read(choice, MissingCells.MASK, ProgressListener.none());
        double gone = Double.NaN;
        assertThat(content.values()).containsExactly(1, 2, 0, gone, 3, 0, 4, gone, 1, 5, 6, gone);
        assertThat(content.places()).containsExactly(0, 1, 2, 3);
        assertThat(content.notes())
                .containsExactly(file + ": 3 of 4 rows have missing cells ('a' 1, 'b' 1, 'kind' 1), which are masked");
        Path bad = write("a,b\n1,2\n3,four\n5,6\n");
        assertThatThrownBy(() -> csv(bad).read(ColumnChoice.all(), MissingCells.MASK, ProgressListener.none()))
                .hasMessageContaining(bad + ":3:b: expected a number, was 'four'");
        Path empty = write("a,b\n1,\n2,\n3,\n");
        CsvSource source = new CsvSource(
                empty,
                Optional.empty(),
                new CsvSource.Layout(
                        Optional.of(','), Optional.of('.'), Optional.of(true), ColumnChoice.all(), MissingCells.MASK),
                new SplitShares(0, 0, 1));
        assertThatThrownBy(() -> source.load(ProgressListener.none()))
                .hasMessage(empty + ": one column is empty: leave it out with --set \"data.columns=[-b]\"");
    }

    /** Other columns and cells stay as they are written, in the file's own way. */
    @Test
    void missingCellsAreFilledInTheFilesOwnWay() throws IOException {
        Path file = write("note;a;b\none, two;1,5;2\n;;3\nthree;2,50;\n");
        CsvFile read = new CsvFile(file, new CsvDialect(';', ',', true));
        List<Column> columns = List.of(Column.ofNumbers("b"), Column.ofNumbers("a"));
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        CsvWriter.stream(
                text,
                ';',
                read.filledNames(Optional.of("imputation")),
                out -> read.filled(
                        columns,
                        place -> List.of(new double[] {7, 0.25}, new double[] {8.5, place}),
                        2,
                        true,
                        out::add,
                        ProgressListener.none()));
        assertThat(text.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "imputation;note;a;b",
                        "1;one, two;1,5;2",
                        "2;one, two;1,5;2",
                        "1;;0,25;3",
                        "2;;1;3",
                        "1;three;2,50;7",
                        "2;three;2,50;8,5");
    }

    /** What a shell hands on must be what the message means. */
    @Test
    void settingsAreQuotedForYamlAndShell() {
        assertThat(Setting.list("data.columns", List.of("-a b", "-it's", "-$x\"", "-1", "-ok"))
                        .option())
                .isEqualTo("--set \"data.columns=['-a b', '-it''s', '-\\$x\\\"', '-1', -ok]\"");
        assertThat(Setting.text("data.label", "kind").option()).isEqualTo("--set data.label=kind");
    }

    /** Another delimiter, with the numbers of before. */
    @Test
    void aNewFileMayBeWrittenInAnotherWay() throws IOException {
        Path train = write("x,y\n1.5,10\n2.5,20\n");
        CsvSource source = new CsvSource(
                train,
                Optional.empty(),
                new CsvSource.Layout(
                        Optional.of(','),
                        Optional.of('.'),
                        Optional.of(true),
                        new ColumnChoice(Optional.of(List.of("x", "y")), Optional.empty()),
                        MissingCells.DROP),
                new SplitShares(0, 0, 1));
        Path other = Files.writeString(folder.resolve("new.csv"), "y;x\n40;4,5\n;3\n30;3,5\n");
        Files.delete(train);
        TableRows rows = source.rows(other, ProgressListener.none());
        assertThat(rows.table().gather(new int[] {0, 1}).doubles()).containsExactly(4.5, 40, 3.5, 30);
        assertThat(rows.places()).containsExactly(0, 2);
    }

    @Test
    void aSmallFileTakesLittleMemory() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Path file = write("a,b,kind\n1,2,x\n\n3,4,y\n" + " ".repeat(20) + "5,6,z\n");
        for (int i = 0; i < 3; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            read(file, Optional.empty(), "kind");
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
        }
    }

    @Test
    void namesMissingColumnsAndFiles() {
        Path file = write("a,b\n1,2\n");
        assertThatThrownBy(() -> read(file, Optional.of(List.of("a", "c")), null))
                .hasMessage(file + ": has no column 'c'; it has a, b");
        assertThatThrownBy(() -> csv(folder.resolve("absent"))).hasMessageEndingWith("absent: no such file");
        assertThatThrownBy(() -> csv(folder)).hasMessageEndingWith("is not a file");
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        Random random = new Random(1);
        List<double[]> rows = Stream.generate(() -> new double[] {random.nextGaussian(), random.nextDouble() * 1e-300})
                .limit(50)
                .toList();
        Path file = folder.resolve("made/out.csv");
        CsvWriter.write(file, List.of("with, comma", "with \"quote\""), rows);
        TableContent back = read(file, Optional.empty(), null);
        assertThat(back.names()).containsExactly("with, comma", "with \"quote\"");
        for (int i = 0; i < 50; i++) {
            assertThat(back.values()[2 * i]).isEqualTo(rows.get(i)[0]);
            assertThat(back.values()[2 * i + 1]).isEqualTo(rows.get(i)[1]);
        }
        assertThatThrownBy(() -> CsvWriter.write(folder, List.of("a"), rows)).hasMessageContaining("is a folder");
    }

    private static CsvFile csv(Path file) {
        return new CsvFile(file, CsvFile.dialect(file, CsvSniffer.UNKNOWN));
    }

    private static TableContent read(Path file, Optional<List<String>> columns, String label) {
        ColumnChoice choice = new ColumnChoice(columns, Optional.ofNullable(label));
        return csv(file).read(choice, MissingCells.REFUSE, ProgressListener.none());
    }

    private static CsvSource.Layout layout(Optional<List<String>> columns, String label) {
        return CsvSource.Layout.unknown(new ColumnChoice(columns, Optional.ofNullable(label)), MissingCells.REFUSE);
    }

    private Path write(String text) {
        try {
            return Files.writeString(folder.resolve("data.csv"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatFailsInTheMiddleLeavesNoFile() throws IOException {
        Path file = folder.resolve("cut.csv");
        assertThatThrownBy(() -> CsvWriter.stream(file, List.of("a"), rows -> {
                    rows.add(List.of(1));
                    throw new DataException("no more");
                }))
                .hasMessage("no more");
        assertThat(file).doesNotExist();
        PrintStream closed = new PrintStream(OutputStream.nullOutputStream());
        closed.close();
        assertThatThrownBy(() -> CsvWriter.write(closed, List.of("a"), List.of(new double[] {1})))
                .hasMessage("standard output was closed before all rows were written");
    }
}
