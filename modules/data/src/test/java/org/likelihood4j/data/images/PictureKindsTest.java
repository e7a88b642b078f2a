package org.likelihood4j.data.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ImageShape;

/** What pixels of all kinds are, by arithmetic of the test's own. */
class PictureKindsTest {
    @TempDir
    Path folder;

    private int[] read(String name, byte[] content, int height, int width) throws IOException {
        return read(name, content, height, width, ImageFile.MOST_AT_ONCE);
    }

    /** Red of all pixels, then green, then blue. */
    private int[] read(String name, byte[] content, int height, int width, int mostAtOnce) throws IOException {
        ImageShape shape = new ImageShape(3, height, width);
        byte[] pixels = new byte[shape.size()];
        ImageFile.read(Files.write(folder.resolve(name), content), shape, pixels, 0, mostAtOnce);
        int[] values = new int[pixels.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = pixels[i] & 0xff;
        }
        return values;
    }

    @Test
    void pngsOfSixteenBits() throws IOException {
        byte[] grey = TestPictures.png(
                TestPictures.header(2, 1, 16, 0),
                TestPictures.pixels(new byte[] {(byte) 0xfe, (byte) 0xff, 0x12, 0x34}));
        // 65279 / 257 = 254.004, 4660 / 257 = 18.13
        assertThat(read("grey.png", grey, 1, 2)).containsExactly(254, 18, 254, 18, 254, 18);
        byte[] rgb = TestPictures.png(
                TestPictures.header(1, 1, 16, 2),
                TestPictures.pixels(new byte[] {(byte) 0xff, -1, 0x7f, -1, 0, (byte) 0x81}));
        // 129 / 257 = 0.502
        assertThat(read("rgb.png", rgb, 1, 1)).containsExactly(255, 127, 1);
        byte[] rgba = TestPictures.png(
                TestPictures.header(1, 1, 16, 6),
                TestPictures.pixels(new byte[] {0, 0, (byte) 0x80, 0, -1, -1, 0x40, 0}));
        // A quarter of the colour (0, 127.5, 255), three quarters of white.
        assertThat(read("rgba.png", rgba, 1, 1)).containsExactly(191, 223, 255);
        byte[] clear = TestPictures.png(
                TestPictures.header(2, 1, 16, 0),
                TestPictures.chunk("tRNS", (byte) 0x12, (byte) 0x34),
                TestPictures.pixels(new byte[] {0x12, 0x34, 0x12, 0x35}));
        assertThat(read("clear.png", clear, 1, 2)).containsExactly(255, 18, 255, 18, 255, 18);
    }

    @Test
    void transparentPixelsOfPngsAreWhite() throws IOException {
        byte[] rgb = TestPictures.png(
                TestPictures.header(2, 1, 8, 2),
                TestPictures.chunk("tRNS", (byte) 0, (byte) 10, (byte) 0, (byte) 20, (byte) 0, (byte) 30),
                TestPictures.pixels(new byte[] {10, 20, 30, 10, 20, 31}));
        assertThat(read("rgb.png", rgb, 1, 2)).containsExactly(255, 10, 255, 20, 255, 31);
        byte[] grey = TestPictures.png(
                TestPictures.header(2, 1, 8, 0),
                TestPictures.chunk("tRNS", (byte) 0, (byte) 77),
                TestPictures.pixels(new byte[] {77, 78}));
        assertThat(read("grey.png", grey, 1, 2)).containsExactly(255, 78, 255, 78, 255, 78);
        byte[] bits = TestPictures.png(
                TestPictures.header(2, 1, 2, 0),
                TestPictures.chunk("tRNS", (byte) 0, (byte) 1),
                TestPictures.pixels(new byte[] {0b01_10_0000}));
        assertThat(read("bits.png", bits, 1, 2)).containsExactly(255, 170, 255, 170, 255, 170);
        byte[] palette = TestPictures.png(
                TestPictures.header(3, 1, 8, 3),
                TestPictures.chunk("PLTE", (byte) 100, (byte) 0, (byte) 50, (byte) 1, (byte) 2, (byte) 3),
                TestPictures.chunk("tRNS", (byte) 51),
                TestPictures.pixels(new byte[] {0, 1, 0}));
        // A fifth of (100, 0, 50).
        assertThat(read("palette.png", palette, 1, 3)).containsExactly(224, 1, 224, 204, 2, 204, 214, 3, 214);
        byte[] alpha =
                TestPictures.png(TestPictures.header(1, 1, 8, 4), TestPictures.pixels(new byte[] {100, (byte) 153}));
        // Three fifths of 100.
        assertThat(read("alpha.png", alpha, 1, 1)).containsExactly(162, 162, 162);
    }

    @Test
    void interlacedAndAnimatedPngsAreTheirPicture() throws IOException {
        BufferedImage scene = TestPictures.scene(37, 29);
        byte[] plain = TestPictures.encode(scene, "png");
        int[] pixels = read("plain.png", plain, 29, 37);
        assertThat(pixels[0]).isEqualTo(scene.getRGB(0, 0) >> 16 & 0xff);
        assertThat(read("interlaced.png", TestPictures.interlacedPng(scene), 29, 37))
                .isEqualTo(pixels);
        byte[] row = {1, 2, 3, 4, 5, 6};
        byte[] head = TestPictures.header(2, 1, 8, 2);
        byte[] noFrames = TestPictures.png(head, TestPictures.chunk("acTL", new byte[8]), TestPictures.pixels(row));
        assertThat(read("no frames.apng", noFrames, 1, 2)).containsExactly(1, 4, 2, 5, 3, 6);
        byte[] animated = TestPictures.png(
                head,
                TestPictures.chunk(
                        "acTL", (byte) 0, (byte) 0, (byte) 0, (byte) 1, (byte) 0, (byte) 0, (byte) 0, (byte) 0),
                TestPictures.chunk("fcTL", new byte[26]),
                TestPictures.pixels(row),
                TestPictures.chunk("fcTL", new byte[26]),
                TestPictures.chunk("fdAT", new byte[9]));
        assertThat(read("animated.png", animated, 1, 2)).containsExactly(1, 4, 2, 5, 3, 6);
        byte[] odd = TestPictures.png(
                head,
                TestPictures.chunk("iCCP", "no profile".getBytes(StandardCharsets.US_ASCII)),
                TestPictures.chunk("gAMA", (byte) 0, (byte) 0, (byte) 0, (byte) 1),
                TestPictures.pixels(row));
        assertThat(read("odd.png", odd, 1, 2)).containsExactly(1, 4, 2, 5, 3, 6);
    }

    /** Stored as light: R = C K / 255, as Photoshop's files are. */
    @Test
    void fourInks() throws IOException {
        int[] colours = read("cmyk.jpg", TestPictures.inks(8, 8, new int[] {200, 100, 50, 204}, 0), 1, 1);
        assertClose(colours, 160, 80, 40);
        // Luma 120, chromas 30 and -20 from their middle: (91.96, 123.96, 173.16), of which the inks are the rest to
        // 255.
        int[] ycck = read("ycck.jpg", TestPictures.inks(8, 8, new int[] {120, 158, 108, 102}, 2), 1, 1);
        assertClose(ycck, 0.4 * (255 - 91.96), 0.4 * (255 - 123.96), 0.4 * (255 - 173.16));
    }

    private static void assertClose(int[] values, double... expected) {
        for (int i = 0; i < values.length; i++) {
            assertThat((double) values[i]).isBetween(expected[i] - 2, expected[i] + 2);
        }
    }

    @Test
    void firstFramesOfGifsLieOnTheirScreen() throws IOException {
        BufferedImage frame = new BufferedImage(
                2,
                1,
                BufferedImage.TYPE_BYTE_INDEXED,
                new IndexColorModel(1, 2, new byte[] {10, 40}, new byte[] {20, 50}, new byte[] {30, 60}, 1));
        frame.getRaster().setSample(0, 0, 0, 0);
        frame.getRaster().setSample(1, 0, 0, 1);
        byte[] gif = TestPictures.encode(frame, "gif");
        // The second colour is the transparent one.
        assertThat(read("plain.gif", gif, 1, 2)).containsExactly(10, 255, 20, 255, 30, 255);
        ByteBuffer larger = ByteBuffer.wrap(gif).order(ByteOrder.LITTLE_ENDIAN);
        larger.putShort(6, (short) 3).putShort(8, (short) 2);
        int block = 13 + 3 * 2;
        while (gif[block] != 0x2c) {
            assertThat(gif[block]).isEqualTo((byte) 0x21);
            block += 2;
            while (gif[block] != 0) {
                block += gif[block] + 1;
            }
            block++;
        }
        larger.putShort(block + 1, (short) 1).putShort(block + 3, (short) 1);
        assertThat(read("placed.gif", gif, 2, 3))
                .containsExactly(255, 255, 255, 255, 10, 255, 255, 255, 255, 255, 20, 255, 255, 255, 255, 255, 30, 255);
    }

    @Test
    void bmpWbmpAndTiff() throws IOException {
        BufferedImage two = TestPictures.rgb(2, 1, (x, y) -> x == 0 ? 0x102030 : 0xf0e0d0);
        for (String format : new String[] {"bmp", "tiff"}) {
            assertThat(read("two." + format, TestPictures.encode(two, format), 1, 2))
                    .containsExactly(0x10, 0xf0, 0x20, 0xe0, 0x30, 0xd0);
        }
        byte[] wbmp = {0, 0, 9, 1, (byte) 0b10110000, (byte) 0b10000000};
        assertThat(read("bits.wbmp", wbmp, 1, 9)).startsWith(255, 0, 255, 255, 0, 0, 0, 0, 255);
        byte[] grey = {0, 1, (byte) 0xff, (byte) 0xff};
        int[] fields = {256, 2, 257, 1, 258, 16, 259, 1, 262, 1, 273, 0, 277, 1, 278, 1, 279, 4};
        // Little-endian: 256 / 257 = 0.996
        assertThat(read("grey.tif", TestPictures.tiff(grey, fields), 1, 2)).startsWith(1, 255);
        fields[9] = 0;
        assertThat(read("negative.tif", TestPictures.tiff(grey, fields), 1, 2)).startsWith(254, 0);
        // CIE L*a*b*, four inks, and signed numbers.
        byte[] pixels = new byte[8];
        for (int[] wrong : new int[][] {{8, 1, 8}, {8, 1, 5}, {8, 2, 1}, {12, 1, 1}}) {
            int[] rare = {
                256, 2, 257, 1, 258, wrong[0], 259, 1, 262, wrong[2], 273, 0, 277, 1, 278, 1, 279, 4, 339, wrong[1]
            };
            assertThatThrownBy(() -> read("rare.tif", TestPictures.tiff(pixels, rare), 1, 2))
                    .hasMessageContaining("rare.tif: cannot be read as a picture (it is a TIFF of a rare kind");
        }
        byte[] runs = TestPictures.encode(two, "bmp");
        runs[30] = 1;
        assertThatThrownBy(() -> read("runs.bmp", runs, 1, 2)).hasMessageContaining("compressed BMP");
    }

    @Test
    void kindsThatAreNotReadAreNamed() {
        Map<String, String> kinds = new LinkedHashMap<>();
        kinds.put("RIFF\0\0\0\0WEBPVP8 ", "is a WebP picture, which is not read");
        kinds.put("\0\0\0\u0018ftypheic", "is a HEIF or AVIF picture, or a film, which is not read");
        kinds.put("version https://git-lfs.github.com/spec/v1", "is a pointer of Git LFS (git lfs pull");
        kinds.put("<!DOCTYPE html>", "is a web page");
        kinds.put("8BPS", "is a Photoshop file");
        kinds.put("", "is empty");
        kinds.put("\0\0\0\0", "is no picture of a known kind; expected .png, .jpg, .gif, .bmp, .tif, .wbmp");
        kinds.forEach((beginning, message) -> assertThatThrownBy(
                        () -> read("named.jpg", beginning.getBytes(StandardCharsets.ISO_8859_1), 2, 2))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(folder.resolve("named.jpg") + ": " + message));
    }

    /** By Exif's own words: where the first stored row and the first stored column are to be seen. */
    private enum Seen {
        TOP_LEFT(1),
        TOP_RIGHT(2),
        BOTTOM_RIGHT(3),
        BOTTOM_LEFT(4),
        LEFT_TOP(5),
        RIGHT_TOP(6),
        RIGHT_BOTTOM(7),
        LEFT_BOTTOM(8);

        private final int value;

        Seen(int value) {
            this.value = value;
        }

        /** What is stored of a picture that is to be seen as it is. */
        BufferedImage stored(BufferedImage seen) {
            boolean rowsAreColumns = name().startsWith("LEFT") || name().startsWith("RIGHT");
            int width = rowsAreColumns ? seen.getHeight() : seen.getWidth();
            int height = rowsAreColumns ? seen.getWidth() : seen.getHeight();
            return TestPictures.rgb(width, height, (column, row) -> {
                int across = rowsAreColumns ? row : column;
                int down = rowsAreColumns ? column : row;
                return seen.getRGB(
                        name().contains("RIGHT") ? seen.getWidth() - 1 - across : across,
                        name().contains("BOTTOM") ? seen.getHeight() - 1 - down : down);
            });
        }
    }

    @Test
    void allEightOrientationsAreApplied() throws IOException {
        BufferedImage scene = TestPictures.scene(40, 24);
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            for (Seen seen : Seen.values()) {
                BufferedImage stored = seen.stored(scene);
                byte[] block = TestPictures.exif(seen.value, order);
                byte[] png = TestPictures.encode(stored, "png");
                int start = 8 + 25;
                byte[] turned = TestPictures.join(
                        Arrays.copyOf(png, start),
                        TestPictures.chunk("eXIf", block),
                        Arrays.copyOfRange(png, start, png.length));
                // Whole, and cut out of the middle and scaled: as if the picture had been stored as it is seen.
                byte[] plain = TestPictures.encode(scene, "png");
                assertThat(read("turned.png", turned, 24, 40))
                        .as(seen + "")
                        .isEqualTo(read("plain.png", plain, 24, 40));
                assertNear(read("turned.png", turned, 11, 7), read("plain.png", plain, 11, 7), 1, seen);
                byte[] jpeg = TestPictures.withExif(TestPictures.jpeg(stored, false, true), block);
                assertNear(read("turned.jpg", jpeg, 24, 40), read("plain.png", plain, 24, 40), 20, seen);
            }
        }
        byte[] pixels = {1, 2, 3, 4, 5, 6};
        int[] fields = {256, 3, 257, 2, 258, 8, 259, 1, 262, 1, 273, 0, 274, 6, 277, 1, 278, 2, 279, 6};
        // Rows 1 2 3 and 4 5 6, the first of which is to be seen on the right.
        assertThat(read("turned.tif", TestPictures.tiff(pixels, fields), 3, 2)).startsWith(4, 1, 5, 2, 6, 3);
        for (int wrong : new int[] {0, 9, 255}) {
            byte[] jpeg = TestPictures.jpeg(scene, false, true);
            byte[] odd = TestPictures.withExif(jpeg, TestPictures.exif(wrong, ByteOrder.LITTLE_ENDIAN));
            assertThat(read("odd.jpg", odd, 24, 40)).isEqualTo(read("plain.jpg", jpeg, 24, 40));
        }
    }

    private static void assertNear(int[] values, int[] expected, int most, Object as) {
        assertThat(values).hasSameSizeAs(expected);
        for (int i = 0; i < values.length; i++) {
            assertThat(Math.abs(values[i] - expected[i])).as(as + " at " + i).isLessThanOrEqualTo(most);
        }
    }

    @Test
    void largePicturesAreReadInPartsWithTheSameResult() throws IOException {
        BufferedImage scene = TestPictures.scene(131, 97);
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("a.png", TestPictures.encode(scene, "png"));
        files.put("b.png", TestPictures.interlacedPng(scene));
        files.put("c.jpg", TestPictures.jpeg(scene, false, false));
        files.put("d.jpg", TestPictures.jpeg(scene, true, false));
        files.put("e.jpg", TestPictures.withExif(files.get("c.jpg"), TestPictures.exif(6, ByteOrder.BIG_ENDIAN)));
        files.put("f.jpg", TestPictures.inks(131, 97, new int[] {200, 100, 50, 204}, 2));
        for (String format : new String[] {"gif", "bmp", "tiff"}) {
            files.put("g." + format, TestPictures.encode(scene, format));
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            int[] whole = read(file.getKey(), file.getValue(), 20, 17);
            for (int most : new int[] {97, 2000}) {
                assertThat(read(file.getKey(), file.getValue(), 20, 17, most))
                        .as(file.getKey())
                        .isEqualTo(whole);
            }
        }
        // What is missing below the part that is used is missed as well.
        byte[] wide = TestPictures.jpeg(TestPictures.scene(60, 200), false, false);
        byte[] cut = Arrays.copyOf(wide, wide.length * 95 / 100);
        assertThatThrownBy(() -> read("cut.jpg", cut, 10, 20, 1000)).hasMessageContaining("cannot be read");
    }

    /** 60 megapixels, of one bit each: a half is white, and a seventh of each new pixel's triangle lies in the other half. */
    @Test
    void aPictureOfSixtyMegapixels() throws IOException {
        int side = 7750;
        byte[][] rows = new byte[side][(side + 7) / 8];
        for (int y = 0; y < side; y++) {
            Arrays.fill(rows[y], y < side / 2 ? (byte) 0 : (byte) -1);
        }
        byte[] png = TestPictures.png(TestPictures.header(side, side, 1, 0), TestPictures.pixels(rows));
        assertThat(read("large.png", png, 2, 1)).containsExactly(36, 219, 36, 219, 36, 219);
    }

    @Test
    void aPictureOfWhichNothingWouldBeLeftIsRefused() {
        assertThatThrownBy(() -> read("line.png", TestPictures.encode(TestPictures.scene(1, 5000), "png"), 32, 32))
                .hasMessage(folder.resolve("line.png") + ": is 1x5000 pixels large, of which the middle of the shape"
                        + " 32x32 would be 0.020%; expected at least 3.1%");
    }
}
