package org.likelihood4j.data.formats;

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
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.VectorShape;

/** Files that NumPy 2 wrote: {@code numpy.lib.format.write_array(file, array, version)}; headers and numbers as it did. */
public class NpyFileTest {
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

    /** By their names behind the file's, with the ending that they have in it or without. */
    @Test
    void arraysOfAnArchiveHaveNames() throws IOException {
        Path archive = folder.resolve("data.npz");
        byte[] rows = npy(1, "<f4", false, "2, 2", "0000803f000000400000404000008040");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            for (String name : List.of("X.npy", "y.npy", "read me.txt")) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(name.equals("X.npy") ? rows : npy(1, "|u1", false, "2,", "0103"));
            }
        }
        Path inside = archive.resolve("X");
        assertThat(ArrayFormat.of(inside)).contains(ArrayFormat.NPY);
        assertThat(ArrayFormat.isThere(inside)).isTrue();
        assertThat(NpyFile.read(inside).numbers()).containsExactly(1, 2, 3, 4);
        assertThat(NpyFile.shape(archive.resolve("X.npy"))).isEqualTo(VectorShape.numbered(2));
        assertThat(NpyFile.read(archive.resolve("y")).labels(archive)).containsExactly(1, 3);
        assertThatThrownBy(() -> NpyFile.read(archive.resolve("Z")))
                .isInstanceOf(DataException.class)
                .hasMessage(archive + ": has no array 'Z'; it holds X, y");
        assertThat(ArrayFormat.of(archive)).contains(ArrayFormat.NPY);
        assertThatThrownBy(() -> NpyFile.read(archive))
                .isInstanceOf(DataException.class)
                .hasMessage(archive + ": is a .npz file; it holds X, y: name one, such as " + inside);
        byte[] whole = Files.readAllBytes(archive);
        for (int length = 0; length < whole.length; length += 7) {
            Files.write(archive, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> NpyFile.read(inside)).isInstanceOf(DataException.class);
            for (int i = 0; i < 3; i++) {
                byte[] bent = whole.clone();
                bent[(length + i) % bent.length] ^= (byte) (1 << i);
                Files.write(archive, bent);
                try {
                    NpyFile.read(inside);
                } catch (DataException e) {
                    assertThat(e.getMessage()).doesNotContain("\n");
                }
            }
        }
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
                Arguments.of("u1", npy(1, "|u1", false, "2, 3", "0102030405ff"), new double[] {1, 2, 3, 4, 5, 255}),
                Arguments.of("b1", npy(1, "|b1", false, "2, 3", "000101000001"), new double[] {0, 1, 1, 0, 0, 1}),
                Arguments.of("f2", npy(1, "<f2", false, "2, 3", "003e00c00100ff7b662e0080"), new double[] {
                    1.5, -2, 0x1p-24, 65504, 0.0999755859375, -0.0
                }),
                Arguments.of(
                        "u8",
                        npy(
                                1,
                                "<u8",
                                false,
                                "2, 3",
                                "ffffffffffffffff0000000000000080010000000000000001000000000020000000000000000000ff00000000000000"),
                        new double[] {0x1p64, 0x1p63, 1, 0x1p53, 0, 255}),
                Arguments.of("gzip", IdxBytes.gzip(npy(1, "<f8", false, "2, 3", f8)), NUMBERS));
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

    /** The same two images of 2x1 in three colours, in all the ways in which programs keep them. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("pictures")
    void readsImagesHoweverTheyAreStored(String name, byte[] content) {
        Path file = write(content);
        assertThat(NpyFile.shape(file)).isEqualTo(new ImageShape(3, 2, 1));
        ImageSet images = (ImageSet) NpyFile.read(file).examples(file, new int[2]);
        assertThat(images.image(0)).containsExactly(0, 51, 102, 153, 204, 255);
        assertThat(images.image(1)).containsExactly(255, 0, 0, 255, 0, 51);
    }

    /** numpy: x.transpose(0, 2, 3, 1) and its copies of other types. */
    static Stream<Arguments> pictures() {
        String last = "2, 2, 1, 3";
        return Stream.of(
                Arguments.of("channels first", npy(1, "|u1", false, "2, 3, 2, 1", "00336699ccffff0000ff0033")),
                Arguments.of("channels last", npy(1, "|u1", false, last, "0066cc3399ffff000000ff33")),
                Arguments.of("channels last, Fortran's order", npy(1, "|u1", true, last, "00ff3300660099ffcc00ff33")),
                Arguments.of(
                        "floats in [0, 1]",
                        npy(
                                1,
                                "<f4",
                                false,
                                last,
                                "00000000cdcccc3ecdcc4c3fcdcc4c3e9a99193f0000803f0000803f0000000000000000000000000000803f"
                                        + "cdcc4c3e")),
                Arguments.of(
                        "half floats in [0, 1]",
                        npy(1, "<f2", false, last, "00006636663a6632cd38003c003c000000000000003c6632")),
                Arguments.of(
                        "half floats to 255",
                        npy(1, "<f2", false, last, "00006056605a6052c858f85bf85b000000000000f85b6052")),
                Arguments.of("i2", npy(1, "<i2", false, last, "00006600cc0033009900ff00ff00000000000000ff003300")));
    }

    @Test
    void whatIsNoPictureIsToldHowToBecomeOne() {
        Path centred = write(npy(1, "<f4", false, "1, 1, 2", "000080bf0000003f"));
        assertThatThrownBy(() -> NpyFile.read(centred).examples(centred, new int[1]))
                .hasMessage(
                        centred + ": holds 1x1x2 numbers from -1.0 to 0.5, which are no pixels: whole numbers from 0 to"
                                + " 255, or multiples of 1/255 from 0 to 1; save np.round(127.5 * (x + 1)) with"
                                + " .astype('uint8'), or rows of numbers as N x D");
        Path fine = write(npy(1, "<f4", false, "1, 1, 2", "000000000000003f"));
        assertThatThrownBy(() -> NpyFile.read(fine).examples(fine, new int[1]))
                .hasMessageContaining("save np.round(255 * x) with");
        Path large = write(npy(1, "<i2", false, "1, 1, 2", "00000001"));
        assertThatThrownBy(() -> NpyFile.read(large).examples(large, new int[1]))
                .hasMessageContaining("to 256.0");
        Path binary = write(npy(1, "|b1", false, "1, 1, 2", "0001"));
        assertThat(((ImageSet) NpyFile.read(binary).examples(binary, new int[1])).image(0))
                .containsExactly(0, 255);
        Path wide = write(npy(1, "|u1", false, "1, 5000", "00".repeat(5000)));
        assertThatThrownBy(() -> NpyFile.shape(wide))
                .hasMessage(wide + ": holds 1x5000 numbers; rows may have at most 4096 columns; images are N x height x"
                        + " width");
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
                Arguments.of("npz", new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0}, "is a damaged .npz file"),
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
                Arguments.of("long doubles", npy(1, "<f16", false, "1, 2", "00"), "type '<f16'"),
                Arguments.of("no dimension", npy(1, "<f4", false, "", "00000000"), "has 0 dimensions"),
                Arguments.of("five dimensions", npy(1, "<f4", false, "1, 1, 1, 1, 1", "00"), "has 5 dimensions"),
                Arguments.of("no rows", npy(1, "<f4", false, "0, 3", ""), "declares the shape (0, 3)"),
                Arguments.of("too many", npy(1, "<f4", false, "99999999, 99999999", ""), "at most 67108864"),
                Arguments.of("overflow", npy(1, "<f8", false, "4294967296, 4294967296, 4", ""), "declares the shape"),
                Arguments.of("digits", npy(1, "<f8", false, "9".repeat(100), ""), "declares the shape"),
                Arguments.of("liar", npy(1, "<f8", false, "1000, 1000", "00"), "only 1 follow"),
                Arguments.of("one dimension", npy(1, "<f4", false, "2,", "00000000".repeat(2)), "expected rows"),
                Arguments.of("an image of NaN", npy(1, "<f4", false, "2, 1, 1", "000000000000c07f"), "not finite"),
                Arguments.of("cut gzip", Arrays.copyOf(IdxBytes.gzip(good), 15), "is cut short"),
                Arguments.of("two channels", npy(1, "|u1", false, "1, 2, 1, 2", "00000000"), "1 or 3 channels"),
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

    public static byte[] npy(int version, String type, boolean fortran, String shape, String hex) {
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
