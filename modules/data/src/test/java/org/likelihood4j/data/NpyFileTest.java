package org.likelihood4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that NumPy 2 wrote: {@code numpy.lib.format.write_array(file, array, version)}; headers and numbers as it did. */
class NpyFileTest {
    private static final double[] NUMBERS = {1.5, -2, 3e5, 4, 5.25, -6e-3};

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0}")
    @MethodSource("good")
    void readsWhatNumpyWrites(String name, byte[] content, double[] expected) {
        Path file = write(content);
        NumberArray array = NpyFile.read(file);
        assertThat(array.dimensions()).containsExactly(2, 3);
        assertThat(array.numbers()).containsExactly(expected);
        assertThat(NpyFile.shape(file)).isEqualTo(VectorShape.numbered(3));
        Examples rows = array.examples(file, new int[2]);
        assertThat(rows.values(1)).containsExactly(Arrays.copyOfRange(expected, 3, 6));
    }

    static Stream<Arguments> good() {
        String f8 = "000000000000f83f00000000000000c000000000804f124100000000000010400000000000001540fa7e6abc749378bf";
        double[] singles = {1.5, -2, 3e5, 4, 5.25, -0.006f};
        return Stream.of(
                Arguments.of("f8", npy(1, "<f8", false, "2, 3", f8), NUMBERS),
                Arguments.of("version 2", npy(2, "<f8", false, "2, 3", f8), NUMBERS),
                Arguments.of("version 3", npy(3, "<f8", false, "2, 3", f8), NUMBERS),
                Arguments.of(
                        "f4",
                        npy(1, "<f4", false, "2, 3", "0000c03f000000c0007c9248000080400000a840a69bc4bb"),
                        singles),
                Arguments.of(
                        "f8, big-endian",
                        npy(
                                1,
                                ">f8",
                                false,
                                "2, 3",
                                "3ff8000000000000c00000000000000041124f800000000040100000000000004015000000000000bf789374bc6a7efa"),
                        NUMBERS),
                Arguments.of(
                        "Fortran's order",
                        npy(
                                1,
                                "<f8",
                                true,
                                "2, 3",
                                "000000000000f83f000000000000104000000000000000c0000000000000154000000000804f1241fa7e6abc749378bf"),
                        NUMBERS),
                Arguments.of(
                        "i8",
                        npy(
                                1,
                                "<i8",
                                false,
                                "2, 3",
                                "0100000000000000feffffffffffffff030000000000000004000000000000000500000000000000faffffffffffffff"),
                        new double[] {1, -2, 3, 4, 5, -6}),
                Arguments.of("i2, big-endian", npy(1, ">i2", false, "2, 3", "0001fffe000300040005fda8"), new double[] {
                    1, -2, 3, 4, 5, -600
                }),
                Arguments.of("u1", npy(1, "|u1", false, "2, 3", "0102030405ff"), new double[] {1, 2, 3, 4, 5, 255}));
    }

    @Test
    void unsignedBytesInThreeOrFourDimensionsAreImages() {
        Path grey = write(npy(1, "|u1", false, "2, 2, 3", "000102030405060708090a0b"));
        assertThat(NpyFile.shape(grey)).isEqualTo(new ImageShape(1, 2, 3));
        ImageSet images = (ImageSet) NpyFile.read(grey).examples(grey, new int[] {4, 5});
        assertThat(images.image(1)).containsExactly(6, 7, 8, 9, 10, 11);
        assertThat(images.label(1)).isEqualTo(5);
        // numpy.asfortranarray(numpy.arange(24, dtype='u1').reshape(2, 3, 2, 2))
        Path colour = write(npy(1, "|u1", true, "2, 3, 2, 2", "000c04100814020e06120a16010d05110915030f07130b17"));
        ImageSet colours = (ImageSet) NpyFile.read(colour).examples(colour, new int[2]);
        assertThat(colours.shape()).isEqualTo(new ImageShape(3, 2, 2));
        assertThat(colours.image(1)).containsExactly(12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void refusesHostileFiles(String name, byte[] content, String message) {
        Path file = write(content);
        for (boolean whole : new boolean[] {true, false}) {
            if (!whole && (message.contains("follow") || message.contains("goes on") || message.contains("finite"))) {
                continue; // only seen behind the header
            }
            assertThatThrownBy(() -> {
                        if (whole) {
                            NpyFile.read(file).examples(file, new int[2]);
                        } else {
                            NpyFile.shape(file);
                        }
                    })
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith(file + ": ")
                    .hasMessageContaining(message)
                    .hasMessageNotContaining("\n");
        }
    }

    static Stream<Arguments> hostile() {
        byte[] good = npy(1, "<f4", false, "2, 2", "00000000".repeat(4));
        String none = "none of an array of numbers";
        return Stream.of(
                Arguments.of("empty", new byte[0], "does not start"),
                Arguments.of("text", "a,b\n1,2\n".getBytes(StandardCharsets.US_ASCII), "does not start"),
                Arguments.of("npz", new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0}, "must be unzipped"),
                Arguments.of("version 9", version(good, 9), "is of version 9"),
                Arguments.of("cut in the length", Arrays.copyOf(good, 9), "within its header"),
                Arguments.of("cut in the header", Arrays.copyOf(good, 40), "within its header"),
                Arguments.of("cut in the numbers", Arrays.copyOf(good, good.length - 1), "only 15 follow"),
                Arguments.of("too long", Arrays.copyOf(good, good.length + 1), "goes on after the 16 bytes"),
                Arguments.of("huge header", hugeHeader(), "a header of 4294967295 bytes"),
                Arguments.of("a pickle", npy(1, "|O", false, "1, 2", "800495"), "never read"),
                Arguments.of(
                        "records",
                        raw(1, "{'descr': [('a', '<f4'), ('b', '<i4')], 'fortran_order': False, 'shape': (2,), }", ""),
                        "records of several fields"),
                Arguments.of("complex", npy(1, "<c8", false, "2, 2", "00"), "type '<c8'"),
                Arguments.of("text in it", npy(1, "<U1", false, "1, 2", "00"), "type '<U1'"),
                // Found by fuzzing.
                Arguments.of("control characters", npy(1, "\u00938", false, "1, 2", "00"), "type '\\u00938'"),
                Arguments.of("half floats", npy(1, "<f2", false, "1, 2", "00"), "type '<f2'"),
                Arguments.of("no dimension", npy(1, "<f4", false, "", "00000000"), "has 0 dimensions"),
                Arguments.of("five dimensions", npy(1, "<f4", false, "1, 1, 1, 1, 1", "00"), "has 5 dimensions"),
                Arguments.of("no rows", npy(1, "<f4", false, "0, 3", ""), "declares the shape (0, 3)"),
                Arguments.of("too many", npy(1, "<f4", false, "99999999, 99999999", ""), "at most 67108864"),
                Arguments.of("overflow", npy(1, "<f8", false, "4294967296, 4294967296, 4", ""), "declares the shape"),
                Arguments.of("digits", npy(1, "<f8", false, "9".repeat(100), ""), "declares the shape"),
                Arguments.of("liar", npy(1, "<f8", false, "1000, 1000", "00"), "only 1 follow"),
                Arguments.of("one dimension", npy(1, "<f4", false, "2,", "00000000".repeat(2)), "expected rows"),
                Arguments.of("floats as images", npy(1, "<f4", false, "1, 1, 1", "00000000"), "expected rows"),
                Arguments.of("two channels", npy(1, "|u1", false, "1, 2, 1, 1", "0000"), "1 or 3 channels"),
                Arguments.of("not a number", npy(1, "<f4", false, "2, 1", "000000000000c07f"), "not finite"),
                Arguments.of("no dictionary", raw(1, "import os", ""), none),
                Arguments.of("missing key", raw(1, "{'descr': '<f4', 'shape': (2, 2), }", ""), none),
                Arguments.of("other key", raw(1, "{'descr': '<f4', 'x': '1', }", ""), none),
                Arguments.of(
                        "more behind",
                        raw(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), } }", ""),
                        none),
                Arguments.of("terminal escapes", raw(1, "{\u001b[31m}", ""), "\\u001b[31m"));
    }

    @Test
    void allocatesNothingForWhatIsOnlyDeclared() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Path file = write(npy(1, "<f8", false, "10000, 3000", "00"));
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(() -> NpyFile.read(file)).hasMessageContaining("only 1 follow");
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
    }

    @Test
    void namesAMissingFileAndAFolder() {
        assertThatThrownBy(() -> NpyFile.read(folder.resolve("absent"))).hasMessageEndingWith("absent: no such file");
        assertThatThrownBy(() -> NpyFile.read(folder)).hasMessageEndingWith("is not a file");
    }

    private static byte[] version(byte[] good, int version) {
        byte[] other = good.clone();
        other[6] = (byte) version;
        return other;
    }

    private static byte[] hugeHeader() {
        byte[] content = npy(2, "<f4", false, "2, 2", "");
        Arrays.fill(content, 8, 12, (byte) 0xff);
        return content;
    }

    static byte[] npy(int version, String type, boolean fortran, String shape, String hex) {
        return raw(
                version,
                "{'descr': '" + type + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': (" + shape
                        + "), }",
                hex);
    }

    /** Padded as NumPy does, so that the numbers start at a multiple of 64. */
    private static byte[] raw(int version, String header, String hex) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        int start = version == 1 ? 10 : 12;
        int length = (start + header.length() + 1 + 63) / 64 * 64 - start;
        for (int i = 0; i < start - 8; i++) {
            out.write(length >> (8 * i));
        }
        out.writeBytes(
                (header + " ".repeat(length - 1 - header.length()) + "\n").getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(HexFormat.of().parseHex(hex));
        return out.toByteArray();
    }

    private Path write(byte[] content) {
        try {
            return Files.write(folder.resolve("file.npy"), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
