package org.likelihood4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CsvSourceTest {
    @TempDir
    Path folder;

    @Test
    void readsQuotesBlanksAndEveryWayOfWritingANumber() {
        Path file = write("\ufeff\"a, b\", c ,kind\r\n\"1\", -2.5 ,x\n\n+.5,1e3,\"y \"\"z\"\"\"\n7.,-1E-3,x\n");
        CsvFile.Content content = csv(file).read(Optional.empty(), Optional.of("kind"), ProgressListener.none());
        assertThat(content.columns()).containsExactly("a, b", "c");
        assertThat(content.values()).containsExactly(1, -2.5, 0.5, 1000, 7, -0.001);
        assertThat(content.labels()).containsExactly("x", "y \"z\"", "x");
        assertThat(csv(file).names()).containsExactly("a, b", "c", "kind");
        CsvFile.Content one = csv(file).read(Optional.of(List.of("c")), Optional.empty(), ProgressListener.none());
        assertThat(one.values()).containsExactly(-2.5, 1000, -0.001);
    }

    @Test
    void withoutAHeaderColumnsAreNumbered() {
        Path file = write("1;2\n3;4\n");
        CsvFile csv = new CsvFile(file, ';', false);
        assertThat(csv.names()).containsExactly("x1", "x2");
        assertThat(csv.read(Optional.empty(), Optional.empty(), ProgressListener.none())
                        .values())
                .containsExactly(1, 2, 3, 4);
    }

    @Test
    void labelsAreNumberedByNameAcrossBothFiles() throws IOException {
        Path train = write("kind,x\nred,1\nblue,2\nred,3\n");
        Path test = Files.writeString(folder.resolve("test.csv"), "x,kind\n4,red\n5,green\n");
        CsvSource source = new CsvSource(
                train,
                Optional.of(test),
                new CsvSource.Layout(',', true, Optional.of("kind"), Optional.empty()),
                new Shares(0, 0, 1));
        assertThat(source.shape().columns()).containsExactly("x");
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
                train,
                Optional.empty(),
                new CsvSource.Layout(',', true, Optional.of("kind"), Optional.of(List.of("x", "y"))),
                new Shares(0, 0, 1));
        assertThat(source.load(ProgressListener.none()).classes()).containsExactly("blue", "red");
        Path other =
                Files.writeString(folder.resolve("new.csv"), "y,note,kind,x\n40,a,red,4\n30,b,green,3\n50,,red,5\n");
        CsvRows rows = source.rows(other, ProgressListener.none());
        assertThat(rows.table().shape().columns()).containsExactly("x", "y");
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

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void refusesInOneLine(String name, byte[] content, String message) throws IOException {
        Path file = Files.write(folder.resolve("data.csv"), content);
        assertThatThrownBy(() -> csv(file).read(Optional.empty(), Optional.empty(), ProgressListener.none()))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    static Stream<Arguments> hostile() {
        return Stream.of(
                bad("empty", "", "is empty"),
                bad("only a header", "a,b\n", "has no rows"),
                bad("a word", "a,b\n1,2\n3,abc\n", "data.csv:3:b: expected a number, was 'abc'"),
                bad("an empty cell", "a,b\n1,\n", "data.csv:2:b: expected a number, was empty"),
                bad("not a number", "a,b\n1,NaN\n", ":2:b: expected a number, was 'NaN'"),
                bad("infinite", "a,b\n1,1e999\n", ":2:b: expected a number, was '1e999'"),
                bad("Java's suffix", "a,b\n1,1d\n", "was '1d'"),
                bad("hexadecimal", "a,b\n1,0x1p3\n", "was '0x1p3'"),
                bad("another delimiter", "a;b\n1,5;2\n", ":2: has 2 cells; expected 1"),
                bad("too few cells", "a,b\n1,2\n3\n", "data.csv:3: has 1 cells; expected 2"),
                bad("too many cells", "a,b\n1,2,3\n", "data.csv:2: has 3 cells; expected 2"),
                bad("one name twice", "a,a\n1,2\n", ":1: two columns are called 'a'"),
                bad("no name", "a,\n1,2\n", ":1: column 2 has no name"),
                bad("no header", "1,2\n3,4\n", "data.header to false"),
                bad("an open quotation mark", "a,b\n\"" + "1,2\n".repeat(400_000), "a row has more than 1048576"),
                bad("an open quotation mark at the end", "a,b\n\"1,2\n", "cannot be read as a table"),
                bad("text behind a quotation mark", "a,b\n\"1\"x,2\n", "cannot be read as a table"),
                bad("one long row", "a".repeat(3 << 20), "a row has more than"),
                bad("many columns", "a,".repeat(5000), "two columns are called 'a'"),
                bad("terminal escapes", "a,b\n1,\u001b[31m\n", "\\u001b[31m"),
                Arguments.of("not UTF-8", new byte[] {'a', '\n', (byte) 0xff, '\n'}, "it is not UTF-8"),
                Arguments.of("zero bytes", new byte[] {'a', '\n', 0, '\n'}, "expected a number, was '\\u0000'"));
    }

    private static Arguments bad(String name, String content, String message) {
        return Arguments.of(name, content.getBytes(StandardCharsets.UTF_8), message);
    }

    @Test
    void aSmallFileTakesLittleMemory() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Path file = write("a,b,kind\n1,2,x\n\n3,4,y\n" + " ".repeat(20) + "5,6,z\n");
        for (int i = 0; i < 3; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            csv(file).read(Optional.empty(), Optional.of("kind"), ProgressListener.none());
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
        }
    }

    @Test
    void namesMissingColumnsAndFiles() {
        Path file = write("a,b\n1,2\n");
        assertThatThrownBy(
                        () -> csv(file).read(Optional.of(List.of("a", "c")), Optional.empty(), ProgressListener.none()))
                .hasMessage(file + ": has no column 'c'; it has a, b");
        assertThatThrownBy(() -> csv(folder.resolve("absent")).names()).hasMessageEndingWith("absent: no such file");
        assertThatThrownBy(() -> csv(folder).names()).hasMessageEndingWith("is not a file");
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        Random random = new Random(1);
        List<double[]> rows = Stream.generate(() -> new double[] {random.nextGaussian(), random.nextDouble() * 1e-300})
                .limit(50)
                .toList();
        Path file = folder.resolve("made/out.csv");
        CsvWriter.write(file, List.of("with, comma", "with \"quote\""), rows);
        CsvFile.Content back = csv(file).read(Optional.empty(), Optional.empty(), ProgressListener.none());
        assertThat(back.columns()).containsExactly("with, comma", "with \"quote\"");
        for (int i = 0; i < 50; i++) {
            assertThat(back.values()[2 * i]).isEqualTo(rows.get(i)[0]);
            assertThat(back.values()[2 * i + 1]).isEqualTo(rows.get(i)[1]);
        }
        assertThatThrownBy(() -> CsvWriter.write(folder, List.of("a"), rows)).hasMessageContaining("is a folder");
    }

    private static CsvFile csv(Path file) {
        return new CsvFile(file, ',', true);
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
