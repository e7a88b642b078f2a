package org.likelihood4j.data.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ImageShape;

/** A picture of which pixels are missing is an error; one that only looks odd is read, and is what it was. */
class DamagedPicturesTest {
    private static final int WIDTH = 75;
    private static final int HEIGHT = 58;
    private static final ImageShape SHAPE = new ImageShape(3, HEIGHT, WIDTH);

    @TempDir
    Path folder;

    private static Map<String, byte[]> jpegs() throws IOException {
        BufferedImage scene = TestPictures.scene(WIDTH, HEIGHT);
        Map<String, byte[]> jpegs = new LinkedHashMap<>();
        jpegs.put("baseline", TestPictures.jpeg(scene, false, false));
        jpegs.put("without subsampling", TestPictures.jpeg(scene, false, true));
        jpegs.put("progressive", TestPictures.jpeg(scene, true, false));
        jpegs.put("grey", TestPictures.jpeg(TestPictures.grey(scene), false, false));
        jpegs.put("grey, progressive", TestPictures.jpeg(TestPictures.grey(scene), true, false));
        return jpegs;
    }

    /** Pixels as Java's decoder gives them, of a file that nobody has touched. */
    private static byte[] expected(byte[] file) throws IOException {
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(file));
        byte[] pixels = new byte[SHAPE.size()];
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                int[] pixel = picture.getRaster().getPixel(x, y, (int[]) null);
                for (int c = 0; c < 3; c++) {
                    pixels[(c * HEIGHT + y) * WIDTH + x] = (byte) pixel[pixel.length == 1 ? 0 : c];
                }
            }
        }
        return pixels;
    }

    private byte[] read(String name, byte[] content) throws IOException {
        Path file = Files.write(folder.resolve(name), content);
        byte[] pixels = new byte[SHAPE.size()];
        ImageFile.read(file, SHAPE, pixels, 0);
        return pixels;
    }

    private void refused(String what, String name, byte[] content) {
        assertThatThrownBy(
                        () -> {
                            read(name, content);
                            throw new AssertionError("was read");
                        },
                        what)
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(folder.resolve(name) + ": cannot be read as a picture (")
                .hasMessageNotContaining("\n");
    }

    @Test
    void aJpegThatWasCutOffIsAnError() throws IOException {
        for (Map.Entry<String, byte[]> jpeg : jpegs().entrySet()) {
            byte[] whole = jpeg.getValue();
            assertThat(read("whole.jpg", whole)).as(jpeg.getKey()).isEqualTo(expected(whole));
            for (int percent : new int[] {5, 25, 50, 75, 90, 99}) {
                byte[] part = Arrays.copyOf(whole, whole.length * percent / 100);
                refused(jpeg.getKey() + " " + percent, "cut.jpg", part);
                // As if it were complete, and as a copy that was stopped leaves it.
                refused(
                        jpeg.getKey() + " " + percent + " with an end",
                        "ended.jpg",
                        TestPictures.join(part, new byte[] {-1, (byte) 0xd9}));
                refused(jpeg.getKey() + " " + percent + " zeros", "zeros.jpg", Arrays.copyOf(part, whole.length));
            }
        }
    }

    @Test
    void noiseInAJpegIsMostlyAnError() throws IOException {
        Random random = new Random(7);
        int noticed = 0;
        int all = 0;
        for (byte[] jpeg : jpegs().values()) {
            for (int n = 0; n < 20; n++) {
                byte[] noise = new byte[100];
                random.nextBytes(noise);
                byte[] bad = jpeg.clone();
                System.arraycopy(noise, 0, bad, bad.length / 2 - 20 + n, noise.length);
                all++;
                try {
                    read("noise.jpg", bad);
                } catch (DataException e) {
                    noticed++;
                }
            }
        }
        // There are no check sums: what happens to be a JPEG again is one. Of 64 to 200 bytes 95 in 100 were noticed
        // elsewhere.
        assertThat(noticed).isGreaterThan(all * 4 / 5);
    }

    @Test
    void aJpegThatOnlyLooksOddIsRead() throws IOException {
        for (Map.Entry<String, byte[]> jpeg : jpegs().entrySet()) {
            byte[] whole = jpeg.getValue();
            byte[] pixels = expected(whole);
            Map<String, byte[]> odd = new LinkedHashMap<>();
            byte[] profile = new byte[700];
            System.arraycopy(
                    new byte[] {'I', 'C', 'C', '_', 'P', 'R', 'O', 'F', 'I', 'L', 'E', 0, 1, 1}, 0, profile, 0, 14);
            byte[] one = TestPictures.withSegment(whole, 0xe2, profile);
            odd.put("a damaged profile", one);
            odd.put("two profiles", TestPictures.withSegment(one, 0xe2, profile));
            odd.put("a film after it", TestPictures.join(whole, new byte[3000], whole));
            odd.put("a comment", TestPictures.withSegment(whole, 0xfe, new byte[40]));
            odd.put("an Exif block of nothing", TestPictures.withExif(whole, new byte[3]));
            odd.put(
                    "bytes between segments",
                    TestPictures.join(
                            Arrays.copyOf(whole, 2), new byte[5], Arrays.copyOfRange(whole, 2, whole.length)));
            if (!jpeg.getKey().contains("progressive")) {
                byte[] open = Arrays.copyOf(whole, whole.length - 2);
                odd.put("no end", open);
                odd.put("half an end", Arrays.copyOf(whole, whole.length - 1));
                odd.put("padding", TestPictures.join(open, new byte[7], new byte[] {-1, (byte) 0xd9}));
                odd.put("nonsense before the scan", withoutScanParameters(whole));
            }
            for (Map.Entry<String, byte[]> file : odd.entrySet()) {
                assertThat(read("odd.jpg", file.getValue()))
                        .as(jpeg.getKey() + ", " + file.getKey())
                        .isEqualTo(pixels);
            }
        }
    }

    /** The last three bytes of the scan's header, which a sequential scan has no choice of, are zeros. */
    private static byte[] withoutScanParameters(byte[] jpeg) {
        byte[] odd = jpeg.clone();
        for (int i = 2; i < odd.length; ) {
            int end = i + 2 + word(odd, i + 2);
            if (odd[i + 1] == (byte) 0xda) {
                Arrays.fill(odd, end - 3, end, (byte) 0);
                return odd;
            }
            i = end;
        }
        throw new AssertionError("no scan");
    }

    private static int word(byte[] bytes, int at) {
        return ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
    }

    /** Without a word on what the channels are they are luma and chromas, unless they are named R, G and B. */
    @Test
    void channelsAreWhatAllDecodersTakeThemFor() throws IOException {
        byte[] jpeg = TestPictures.jpeg(TestPictures.scene(WIDTH, HEIGHT), false, true);
        byte[] bare = TestPictures.withoutJfif(jpeg);
        assertThat(read("bare.jpg", bare)).isEqualTo(expected(jpeg));
        byte[] adobe = {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};
        byte[] colours = read("rgb.jpg", TestPictures.withSegment(bare, 0xee, adobe));
        byte[] named = bare.clone();
        for (int i = 2; i < named.length && named[i + 1] != (byte) 0xd9; ) {
            int length = word(named, i + 2);
            int first = named[i + 1] == (byte) 0xc0 ? i + 10 : named[i + 1] == (byte) 0xda ? i + 5 : -1;
            for (int c = 0; first > 0 && c < 3; c++) {
                named[first + c * (named[i + 1] == (byte) 0xc0 ? 3 : 2)] = (byte) "RGB".charAt(c);
            }
            if (named[i + 1] == (byte) 0xda) {
                break;
            }
            i += 2 + length;
        }
        assertThat(read("named.jpg", named)).isEqualTo(colours).isNotEqualTo(expected(jpeg));
    }

    @Test
    void everyDamagedByteOfAPngIsAnError() throws IOException {
        byte[] good = TestPictures.encode(TestPictures.scene(WIDTH, HEIGHT), "png");
        assertThat(read("good.png", good)).isEqualTo(expected(good));
        Random random = new Random(3);
        List<Integer> read = new ArrayList<>();
        for (int n = 0; n < 300; n++) {
            byte[] bad = good.clone();
            // Anything but the first bytes, without which it is no PNG, and the empty last chunk.
            int at = 8 + random.nextInt(good.length - 8 - 12);
            bad[at] ^= (byte) (1 << random.nextInt(8));
            try {
                assertThat(read("flipped.png", bad)).isEqualTo(expected(good));
                read.add(at);
            } catch (DataException e) {
                assertThat(e).hasMessageStartingWith(folder + "");
            }
        }
        assertThat(read)
                .as("places of damage in a chunk of pixels that was not noticed")
                .isEmpty();
        for (int percent : new int[] {10, 50, 99}) {
            refused("png " + percent, "cut.png", Arrays.copyOf(good, good.length * percent / 100));
        }
        byte[] head = TestPictures.header(WIDTH, HEIGHT, 8, 2);
        byte[] rows = TestPictures.pixels(new byte[HEIGHT][3 * WIDTH]);
        refused("pixels twice", "twice.png", TestPictures.png(head, rows, TestPictures.chunk("gAMA"), rows));
        assertThat(read("black.png", TestPictures.png(head, rows))).containsOnly(0);
        byte[] other = {0, 0, 0, WIDTH, 0, 0, 0, HEIGHT, 8, 2, 1, 0, 0};
        refused("unknown compression", "method.png", TestPictures.png(TestPictures.chunk("IHDR", other), rows));
        assertThat(read("no end.png", Arrays.copyOf(good, good.length - 12))).isEqualTo(expected(good));
    }

    @Test
    void otherKindsThatWereCutOffAreErrors() throws IOException {
        BufferedImage scene = TestPictures.scene(WIDTH, HEIGHT);
        BufferedImage palette = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_INDEXED);
        palette.getGraphics().drawImage(scene, 0, 0, null);
        BufferedImage bits = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_BINARY);
        bits.getGraphics().drawImage(scene, 0, 0, null);
        for (Map.Entry<String, BufferedImage> kind : Map.of("gif", palette, "bmp", scene, "tiff", scene, "wbmp", bits)
                .entrySet()) {
            byte[] good = TestPictures.encode(kind.getValue(), kind.getKey());
            String name = "good." + kind.getKey();
            assertThat(read(name, good)).hasSize(SHAPE.size());
            for (int percent : new int[] {0, 10, 50, 95}) {
                byte[] cut = Arrays.copyOf(good, Math.max(good.length * percent / 100, 8));
                refused(kind.getKey() + " " + percent, name, cut);
            }
        }
    }
}
