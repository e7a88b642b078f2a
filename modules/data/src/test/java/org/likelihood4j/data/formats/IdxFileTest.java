package org.likelihood4j.data.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.data.DataException;

class IdxFileTest {
    private static final byte[] GOOD = IdxBytes.file(0x803, 5, 24, 2, 3, 4);

    @TempDir
    Path folder;

    @Test
    void readsPlainAndGzippedFilesWhateverTheirName() {
        for (byte[] content : new byte[][] {GOOD, IdxBytes.gzip(GOOD)}) {
            IdxFile file = IdxFile.read(write(content), 3);
            assertThat(file.dimensions()).containsExactly(2, 3, 4);
            assertThat(file.size()).isEqualTo(24);
            assertThat(file.values()).startsWith(5, 6, 7).endsWith(28);
            assertThat(file.sha256()).isEqualTo(IdxBytes.sha256(GOOD));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void refusesHostileFiles(String name, byte[] content, String message) {
        Path file = write(content);
        assertThatThrownBy(() -> IdxFile.read(file, 3))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    static Stream<Arguments> hostile() {
        byte[] zipped = IdxBytes.gzip(GOOD);
        byte[] badCheck = zipped.clone();
        badCheck[badCheck.length - 6] ^= 1;
        byte[] badBody = zipped.clone();
        Arrays.fill(badBody, 10, 20, (byte) 0xff);
        String notIdx = "does not start like an IDX file";
        return Stream.of(
                Arguments.of("empty", new byte[0], notIdx),
                Arguments.of("one byte", new byte[1], notIdx),
                Arguments.of(
                        "text", "<!DOCTYPE html><html>Not found</html>".getBytes(StandardCharsets.US_ASCII), notIdx),
                Arguments.of("floats", IdxBytes.file(0xd03, 0, 24, 2, 3, 4), notIdx),
                Arguments.of("labels for images", IdxBytes.labels(30), notIdx),
                Arguments.of("gzip of nothing", IdxBytes.gzip(new byte[0]), notIdx),
                Arguments.of("header cut", Arrays.copyOf(GOOD, 11), "within its header"),
                Arguments.of("body cut", Arrays.copyOf(GOOD, 39), "2x3x4 = 24 values, but only 23"),
                Arguments.of("no body", Arrays.copyOf(GOOD, 16), "only 0 follow"),
                Arguments.of("too long", Arrays.copyOf(GOOD, 41), "goes on after the 2x3x4"),
                Arguments.of("zero images", IdxBytes.file(0x803, 0, 0, 0, 28, 28), "declares 0x28x28"),
                Arguments.of("negative", IdxBytes.file(0x803, 0, 0, -1, 28, 28), "declares 4294967295x28x28"),
                Arguments.of("absurd", IdxBytes.file(0x803, 0, 9, 60000, 28, 28000), "at most 67108864"),
                Arguments.of("overflow to 0", IdxBytes.file(0x803, 0, 9, 1 << 24, 1 << 20, 1 << 20), "at most"),
                Arguments.of("liar", IdxBytes.file(0x803, 0, 9, 1 << 16, 32, 32), "only 9 follow"),
                Arguments.of("gzip header cut", Arrays.copyOf(zipped, 5), "cut short"),
                Arguments.of("gzip cut", Arrays.copyOf(zipped, zipped.length - 12), "cut short"),
                Arguments.of("gzip without its end", Arrays.copyOf(zipped, zipped.length - 3), "cut short"),
                Arguments.of("gzip with a wrong check", badCheck, "cannot be read"),
                Arguments.of("gzip garbage", badBody, "cannot be read"),
                Arguments.of("two gzip streams", join(zipped, zipped), "more than one gzip stream"),
                Arguments.of("an empty gzip stream before", join(IdxBytes.gzip(new byte[0]), zipped), "more than one"),
                // The library reads each in a call of its own, within that of the one before.
                Arguments.of(
                        "many gzip streams", many(IdxBytes.gzip(new byte[0]), 100_000), "more than one gzip stream"),
                Arguments.of("gzip and more", join(zipped, new byte[9]), "more bytes behind the end of its gzip data"),
                Arguments.of("gzip with a long name", longName(), "cut short"),
                Arguments.of("gzip in gzip", IdxBytes.gzip(zipped), notIdx));
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] many(byte[] content, int count) {
        byte[] all = new byte[content.length * count];
        for (int i = 0; i < count; i++) {
            System.arraycopy(content, 0, all, i * content.length, content.length);
        }
        return all;
    }

    /** A gzip header with a file name that never ends. */
    private static byte[] longName() {
        byte[] header = {0x1f, (byte) 0x8b, 8, 8, 0, 0, 0, 0, 0, 0};
        byte[] name = new byte[1 << 20];
        Arrays.fill(name, (byte) 'x');
        return join(header, name);
    }

    @Test
    @Timeout(20)
    void aBombFillsNoMemory() throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        // 64 MB of zeros in 64 kB, and a few more than it says.
        byte[] bomb = IdxBytes.gzip(join(IdxBytes.file(0x801, 0, 0, 1 << 26), new byte[(1 << 26) + 100]));
        Path file = write(bomb);
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(() -> IdxFile.read(file, 1)).hasMessageContaining("goes on after");
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(3L << 26);
        Path liar = write(IdxBytes.gzip(IdxBytes.file(0x801, 0, 9, 1 << 26)));
        long again = threads.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(() -> IdxFile.read(liar, 1)).hasMessageContaining("only 9 follow");
        assertThat(threads.getCurrentThreadAllocatedBytes() - again).isLessThan(1 << 20);
    }

    @Test
    void stopsReadingADecompressionBomb() throws IOException {
        Path bomb = folder.resolve("bomb");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(bomb))) {
            out.write(GOOD);
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 100; i++) {
                out.write(zeros);
            }
        }
        // Whoever reads on meets this damage, and would say so instead.
        byte[] content = Files.readAllBytes(bomb);
        Arrays.fill(content, content.length - 1000, content.length, (byte) 0xff);
        Files.write(bomb, content);
        assertThatThrownBy(() -> IdxFile.read(bomb, 3)).hasMessageContaining("goes on after");
    }

    @Test
    void namesAMissingFileAndAFolder() {
        assertThatThrownBy(() -> IdxFile.read(folder.resolve("absent"), 3))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith("absent: no such file");
        assertThatThrownBy(() -> IdxFile.read(folder, 3))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(folder + ": cannot be read");
    }

    private Path write(byte[] content) {
        try {
            return Files.write(folder.resolve("file"), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
