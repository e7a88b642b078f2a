package org.likelihood4j.data.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.SplitShares;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.images.ImageFile;
import org.likelihood4j.data.images.TestPictures;

class ImagesSourceTest {
    private static final SplitShares NO_SHARES = new SplitShares(0, 0, 1);

    @TempDir
    Path folder;

    @Test
    void storedGreysAndColoursArriveUnchanged() throws IOException {
        BufferedImage grey = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 16; i++) {
            grey.getRaster().setSample(i % 4, i / 4, 0, 17 * i);
        }
        Path greys = write("a.png", TestPictures.encode(grey, "png"));
        byte[] one = read(greys, new ImageShape(1, 4, 4));
        byte[] three = read(greys, new ImageShape(3, 4, 4));
        for (int i = 0; i < 16; i++) {
            assertThat(one[i] & 0xff).isEqualTo(17 * i);
            assertThat(List.of(three[i] & 0xff, three[16 + i] & 0xff, three[32 + i] & 0xff))
                    .containsOnly(17 * i);
        }
        Path colours = write(
                "b.png", TestPictures.encode(TestPictures.rgb(2, 2, (x, y) -> x == 0 ? 0xff8000 : 0x0080ff), "png"));
        assertThat(read(colours, new ImageShape(3, 2, 2)))
                .containsExactly(-1, 0, -1, 0, -128, -128, -128, -128, 0, -1, 0, -1);
        // 0.299 R + 0.587 G + 0.114 B
        assertThat(read(colours, new ImageShape(1, 1, 2))).hasSize(2);
        assertThat(read(colours, new ImageShape(1, 2, 2))[0] & 0xff).isEqualTo(151);
        assertThat(read(colours, new ImageShape(1, 2, 2))[1] & 0xff).isEqualTo(104);
    }

    @Test
    void otherKindsOfPngAndJpeg() throws IOException {
        BufferedImage clear = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
        clear.setRGB(0, 0, 0x00000000);
        clear.setRGB(1, 0, 0x80000000);
        assertThat(read(write("alpha.png", TestPictures.encode(clear, "png")), new ImageShape(1, 1, 2)))
                .containsExactly(-1, 127);
        BufferedImage bits = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY);
        bits.setRGB(1, 0, 0xffffffff);
        assertThat(read(write("bits.png", TestPictures.encode(bits, "png")), new ImageShape(1, 1, 2)))
                .containsExactly(0, -1);
        BufferedImage deep = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
        deep.getRaster().setSample(1, 0, 0, 0x4040);
        assertThat(read(write("deep.png", TestPictures.encode(deep, "png")), new ImageShape(1, 1, 2)))
                .containsExactly(0, 0x40);
        Path jpeg = write("photo.JPG", TestPictures.encode(TestPictures.rgb(32, 32, (x, y) -> 0x406080), "jpeg"));
        byte[] photo = read(jpeg, new ImageShape(3, 8, 8));
        for (int i = 0; i < 64; i++) {
            assertThat(photo[i] & 0xff).isCloseTo(0x40, within(3));
            assertThat(photo[128 + i] & 0xff).isCloseTo(0x80, within(3));
        }
    }

    @Test
    void scalingKeepsRampsAndMeansAndCutsTheMiddleOut() throws IOException {
        // A linear ramp stays one, whatever the factor: away from the edges, where there is nothing beyond.
        Path ramp = write(
                "ramp.png", TestPictures.encode(TestPictures.rgb(64, 64, (x, y) -> 0x010101 * (2 * x + y)), "png"));
        for (int size : new int[] {16, 48, 100}) {
            byte[] scaled = read(ramp, new ImageShape(1, size, size));
            double step = 64.0 / size;
            for (int y = size / 4; y < 3 * size / 4; y++) {
                for (int x = size / 4; x < 3 * size / 4; x++) {
                    double expected = 2 * ((x + 0.5) * step - 0.5) + (y + 0.5) * step - 0.5;
                    assertThat(scaled[y * size + x] & 0xff).isCloseTo((int) Math.round(expected), within(1));
                }
            }
        }
        Random random = new Random(3);
        int[] noise = random.ints(64 * 64, 0, 256).toArray();
        Path noisy = write(
                "noise.png",
                TestPictures.encode(TestPictures.rgb(64, 64, (x, y) -> 0x010101 * noise[64 * y + x]), "png"));
        byte[] small = read(noisy, new ImageShape(1, 4, 4));
        double mean = 0;
        for (byte b : small) {
            mean += (b & 0xff) / 16.0;
        }
        // 16 means of some 512 pixels of deviation 74: what only looked at single pixels would be off by 18.
        assertThat(mean).isCloseTo(Arrays.stream(noise).average().orElseThrow(), within(4.0));
        Path wide = write(
                "wide.png",
                TestPictures.encode(TestPictures.rgb(30, 10, (x, y) -> x >= 10 && x < 20 ? 0xffffff : 0), "png"));
        assertThat(read(wide, new ImageShape(1, 10, 10))).containsOnly(-1);
        Path tall = write(
                "tall.png",
                TestPictures.encode(TestPictures.rgb(10, 30, (x, y) -> y >= 10 && y < 20 ? 0xffffff : 0), "png"));
        assertThat(read(tall, new ImageShape(1, 10, 10))).containsOnly(-1);
    }

    @Test
    void foldersAreClassesInTheOrderOfTheirNames() throws IOException {
        for (String name :
                List.of("dog/2.png", "cat/b.png", "cat/a.png", "dog/10.png", "cat/B/deeper still/\u00e9.PNG")) {
            write(
                    name,
                    TestPictures.encode(
                            TestPictures.rgb(2, 2, (x, y) -> name.startsWith("cat") ? 0xffffff : 0), "png"));
        }
        write("cat/notes.txt", new byte[3]);
        write(".hidden/x.png", new byte[3]);
        write(".DS_Store", new byte[3]);
        write("dog/Thumbs.db", new byte[3]);
        ImageFolder list = ImageFolder.list(folder).forTraining();
        assertThat(list.classes()).containsExactly("cat", "dog");
        assertThat(list.pictures())
                .extracting(ImageFolder.Entry::name)
                .containsExactly("cat/B/deeper still/\u00e9.PNG", "cat/a.png", "cat/b.png", "dog/10.png", "dog/2.png");
        assertThat(list.describe()).isEqualTo("5 of 6 files are pictures (cat 3, dog 2), not 1 .txt");
        Splits splits = source(NO_SHARES).load(ProgressListener.none());
        assertThat(splits.classes()).containsExactly("cat", "dog");
        for (int i = 0; i < 5; i++) {
            assertThat(splits.train().values(i)[0]).isEqualTo(splits.train().label(i) == 0 ? 255 : 0);
        }
    }

    @Test
    void allPicturesOfAnotherFolderInTheOrderOfTheirPaths() throws IOException {
        List<String> names = List.of("a.png", "b/0.png", "b/c/d/1.png", "b/z.png", "c.png", "d/2.png");
        for (String name : names) {
            write(
                    "new/" + name,
                    TestPictures.encode(TestPictures.rgb(2, 2, (x, y) -> 0x010101 * names.indexOf(name)), "png"));
        }
        ImageRows rows = source(NO_SHARES).rows(folder.resolve("new"), ProgressListener.none());
        assertThat(rows.names()).isEqualTo(names);
        assertThat(rows.labels()).containsExactly("", "b", "b", "b", "", "d");
        assertThat(rows.classes()).containsExactly("b", "d");
        for (int i = 0; i < names.size(); i++) {
            assertThat(rows.images().pixel(i, 0)).isEqualTo(i);
        }
        assertThat(rows.images().label(5)).isEqualTo(1);
        ImageRows one = source(NO_SHARES).rows(folder.resolve("new/b/z.png"), ProgressListener.none());
        assertThat(one.names()).containsExactly("z.png");
        assertThat(one.labels()).containsExactly("");
        assertThat(one.images().pixel(0, 0)).isEqualTo(3);
    }

    @Test
    void foldersTrainAndTestAreTaken() throws IOException {
        for (int i = 0; i < 10; i++) {
            write("train/" + i + ".png", TestPictures.encode(TestPictures.rgb(2, 2, (x, y) -> 0x111111), "png"));
        }
        write("test/0.png", TestPictures.encode(TestPictures.rgb(2, 2, (x, y) -> 0x222222), "png"));
        Splits splits = source(new SplitShares(0.2, 0.5, 1)).load(ProgressListener.none());
        assertThat(splits.train().size()).isEqualTo(8);
        assertThat(splits.validation().size()).isEqualTo(2);
        assertThat(splits.test().values(0)[0]).isEqualTo(0x22);
        write("test/extra/0.png", TestPictures.encode(TestPictures.rgb(2, 2, (x, y) -> 0), "png"));
        Files.delete(folder.resolve("test/0.png"));
        assertThatThrownBy(() -> source(NO_SHARES).load(ProgressListener.none()))
                .hasMessageContaining("other folders of pictures");
    }

    @Test
    void namesEveryFileThatCannotBeRead() throws IOException {
        byte[] good = TestPictures.encode(TestPictures.rgb(20, 20, (x, y) -> 7 * x), "png");
        write("0.png", good);
        Path text = write("1.png", "<html>".getBytes(StandardCharsets.UTF_8));
        Path cut = write("2.png", Arrays.copyOf(good, good.length / 2));
        Path empty = write("3.jpg", new byte[0]);
        Path head = write("4.jpg", new byte[] {-1, -40, -1, -32, 0, 16});
        Path bomb = write("5.png", declaring(good, 60_000, 60_000));
        Path negative = write("6.png", declaring(good, -5, 20));
        assertThatThrownBy(() -> source(NO_SHARES).load(ProgressListener.none()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(text + ": is a web page, which is not read")
                .hasMessageContaining(cut + ": cannot be read as a picture")
                .hasMessageContaining(empty + ": is empty")
                .hasMessageContaining(head + ": cannot be read as a picture")
                .hasMessageContaining(bomb + ": declares 60000x60000 pixels; expected at least 1 and at most 268435456")
                .hasMessageContaining(negative + ": ")
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(7));
    }

    @Test
    void aBombFillsNoMemory() throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Path bomb = write(
                "bomb.png", declaring(TestPictures.encode(TestPictures.rgb(2, 2, (x, y) -> 0), "png"), 30_000, 30_000));
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(() -> read(bomb, new ImageShape(1, 8, 8))).hasMessageContaining("declares");
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(2 << 20);
    }

    /** Every byte of a small picture replaced in turn: read, or refused in one line. */
    @Test
    void damageIsReadOrRefused() throws IOException {
        for (String format : List.of("png", "jpeg")) {
            byte[] good = TestPictures.encode(TestPictures.rgb(9, 7, (x, y) -> 0x1f2f3f * x * y), format);
            Random random = new Random(5);
            for (int i = 0; i < good.length; i++) {
                byte[] bad = good.clone();
                bad[i] = (byte) random.nextInt(256);
                Path file = write("damaged.png", bad);
                try {
                    assertThat(read(file, new ImageShape(3, 4, 4))).hasSize(48);
                } catch (DataException e) {
                    assertThat(e).hasMessageStartingWith(file + ": ").hasMessageNotContaining("\n");
                }
            }
        }
    }

    @Test
    void refusesEmptyFoldersAndMixtures() throws IOException {
        assertThatThrownBy(() -> ImageFolder.list(folder.resolve("absent"))).hasMessageEndingWith("no such folder");
        assertThatThrownBy(() -> ImageFolder.list(folder).forTraining()).hasMessageContaining("no picture is there");
        Path file = write("a.png", TestPictures.encode(TestPictures.rgb(2, 2, (x, y) -> 0), "png"));
        assertThatThrownBy(() -> ImageFolder.list(file).forTraining()).hasMessageEndingWith("is not a folder");
        write("class/b.png", new byte[0]);
        assertThatThrownBy(() -> ImageFolder.list(folder).forTraining()).hasMessageContaining("one or the other");
    }

    @Test
    void linksAreFollowedButNotInCircles() throws IOException {
        byte[] good = TestPictures.encode(TestPictures.rgb(2, 2, (x, y) -> 0x333333), "png");
        Path pool = Files.createDirectories(folder.resolve("pool/cat"));
        Files.write(pool.resolve("1.png"), good);
        Path split = Files.createDirectories(folder.resolve("split/cat"));
        Files.createSymbolicLink(split.resolve("linked.png"), pool.resolve("1.png"));
        Files.createSymbolicLink(folder.resolve("split/tiger"), pool);
        Files.createSymbolicLink(folder.resolve("split/lion"), Path.of("tiger"));
        ImageFolder list = ImageFolder.list(folder.resolve("split")).forTraining();
        assertThat(list.pictures())
                .extracting(ImageFolder.Entry::name)
                .containsExactly("cat/linked.png", "lion/1.png", "tiger/1.png");
        assertThat(list.read(new ImageShape(1, 1, 1), false, ProgressListener.none())
                        .pixels())
                .containsOnly(0x33);
        Path dangling = Files.createSymbolicLink(split.resolve("dangling.png"), Path.of("nowhere.png"));
        assertThatThrownBy(() -> ImageFolder.list(folder.resolve("split"))
                        .read(new ImageShape(1, 1, 1), false, ProgressListener.none()))
                .hasMessageEndingWith("\n  " + dangling + ": no such file");
        Path circle = Files.createSymbolicLink(split.resolve("circle"), folder.resolve("split"));
        assertThatThrownBy(() -> ImageFolder.list(folder.resolve("split")))
                .hasMessage(circle + ": is a link to a folder that it is in, which would never end; remove the link");
        Files.delete(circle);
        Path self = Files.createSymbolicLink(split.resolve("self"), Path.of("self"));
        assertThat(ImageFolder.list(folder.resolve("split")).others()).containsEntry("", 1);
        assertThat(self).isSymbolicLink();
    }

    @Test
    void skipsWhatCannotBeReadOnlyWhenTold() throws IOException {
        byte[] good = TestPictures.encode(TestPictures.rgb(2, 2, (x, y) -> 0x444444), "png");
        for (int i = 0; i < 30; i++) {
            write("a/" + i + ".png", i % 2 == 0 ? good : "no picture".getBytes(StandardCharsets.UTF_8));
        }
        assertThatThrownBy(() -> source(NO_SHARES).load(ProgressListener.none()))
                .hasMessageStartingWith(folder + ": 15 of 30 pictures cannot be read; mend or remove them, or set"
                        + " data.skipUnreadable: true to go on without them\n  " + folder.resolve("a/1.png") + ": ")
                .hasMessageEndingWith("\n  and 5 more");
        ImagesSource skipping = new ImagesSource(folder, new ImageShape(1, 2, 2), true, NO_SHARES);
        Splits splits = skipping.load(ProgressListener.none());
        assertThat(splits.train().size()).isEqualTo(15);
        assertThat(splits.leftOut()).hasSize(15).allMatch(line -> line.startsWith(folder + "/a/"));
        for (int i = 0; i < 15; i++) {
            assertThat(splits.train().values(i)).containsOnly(0x44);
        }
        ImageRows rows = skipping.rows(folder, ProgressListener.none());
        assertThat(rows.names()).hasSize(15).contains("a/28.png").doesNotContain("a/1.png");
        // Places are those in the order of all paths, with gaps; of divided sets too.
        List<String> all =
                IntStream.range(0, 30).mapToObj(i -> "a/" + i + ".png").sorted().toList();
        for (int i = 0; i < 15; i++) {
            assertThat(all.get(rows.images().place(i))).isEqualTo(rows.names().get(i));
        }
        ImagesSource dividing = new ImagesSource(folder, new ImageShape(1, 2, 2), true, new SplitShares(0.2, 0.2, 1));
        Examples test = dividing.load(ProgressListener.none()).test();
        for (int i = 0; i < test.size(); i++) {
            String file = test.files().get(test.place(i));
            assertThat(rows.names()).contains(file);
            assertThat(all.get(test.place(i))).isEqualTo(file);
        }
        for (int i = 0; i < 30; i += 2) {
            write("a/" + i + ".png", new byte[1]);
        }
        assertThatThrownBy(() -> skipping.load(ProgressListener.none()))
                .hasMessageStartingWith(folder + ": 30 of 30 pictures cannot be read\n");
    }

    private ImagesSource source(SplitShares shares) {
        return new ImagesSource(folder, new ImageShape(1, 2, 2), false, shares);
    }

    private static byte[] read(Path file, ImageShape shape) {
        byte[] pixels = new byte[shape.size()];
        ImageFile.read(file, shape, pixels, 0);
        return pixels;
    }

    /** The same PNG with another size in its header. */
    private static byte[] declaring(byte[] png, int width, int height) {
        ByteBuffer bytes = ByteBuffer.wrap(png.clone());
        bytes.putInt(16, width).putInt(20, height);
        CRC32 check = new CRC32();
        check.update(bytes.array(), 12, 17);
        return bytes.putInt(29, (int) check.getValue()).array();
    }

    private Path write(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }
}
