package org.likelihood4j.data.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.SplitShares;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.formats.ArrayFormat;
import org.likelihood4j.data.formats.IdxBytes;
import org.likelihood4j.data.formats.NpyFileTest;

class ArraySourceTest {
    private static final SplitShares SHARES = new SplitShares(0.2, 0.3, 7);

    @TempDir
    Path folder;

    @Test
    void dividesImagesWithTheirLabels() throws IOException {
        Path images = write("images.gz", IdxBytes.gzip(IdxBytes.file(0x803, 0, 40, 10, 2, 2)));
        Path labels = write("labels", IdxBytes.labels(10));
        ArraySource source = source(ArrayFormat.IDX, images, Optional.of(labels), Optional.empty(), Optional.empty());
        assertThat(source.shape()).isEqualTo(new ImageShape(1, 2, 2));
        Splits splits = source.load(ProgressListener.none());
        assertThat(sizes(splits)).containsExactly(5, 2, 3);
        List<Integer> seen = new ArrayList<>();
        for (Examples part : List.of(splits.train(), splits.validation(), splits.test())) {
            for (int i = 0; i < part.size(); i++) {
                // Image n begins with the pixel 4 n.
                assertThat(part.values(i)[0]).isEqualTo(4 * part.label(i));
                seen.add(part.label(i));
            }
        }
        assertThat(seen)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 10).boxed().toList())
                .isNotEqualTo(IntStream.range(0, 10).boxed().toList());
        assertThat(source.load(ProgressListener.none()).train().sha256())
                .isEqualTo(splits.train().sha256());
    }

    @Test
    void readsFloatsAsRowsAndTakesAGivenTestSet() throws IOException {
        ByteBuffer floats = ByteBuffer.allocate(12 + 4 * 8);
        floats.putInt(0x0d02).putInt(4).putInt(2);
        for (float value : new float[] {1.5f, -2, 3, 4, 5, 6, 7, 8e-3f}) {
            floats.putFloat(value);
        }
        Path data = write("data.idx", floats.array());
        Path test = write("test.npy", NpyFileTest.npy(1, "|u1", false, "1, 2", "07ff"));
        ArraySource source = source(ArrayFormat.IDX, data, Optional.empty(), Optional.of(data), Optional.empty());
        Splits splits = source.load(ProgressListener.none());
        assertThat(sizes(splits)).containsExactly(3, 1, 4);
        assertThat(splits.test().values(0)).containsExactly(1.5, -2);
        assertThat(splits.test().values(3)).containsExactly(7, 8e-3f);
        // A file of the other format is none of this.
        assertThatThrownBy(() -> source(ArrayFormat.IDX, test, Optional.empty(), Optional.empty(), Optional.empty())
                        .load(ProgressListener.none()))
                .hasMessageContaining("does not start like an IDX file of 1 to 4 dimensions");
    }

    @Test
    void refusesWhatDoesNotFitTogether() throws IOException {
        Path images = write("images", IdxBytes.file(0x803, 0, 40, 10, 2, 2));
        Path few = write("few", IdxBytes.labels(9));
        assertThatThrownBy(() -> source(ArrayFormat.IDX, images, Optional.of(few), Optional.empty(), Optional.empty())
                        .load(ProgressListener.none()))
                .hasMessageStartingWith(few + ": holds 9 labels, but " + images + " has 10");
        assertThatThrownBy(
                        () -> source(ArrayFormat.IDX, images, Optional.of(images), Optional.empty(), Optional.empty())
                                .load(ProgressListener.none()))
                .hasMessageStartingWith(images + ": holds 10x2x2 numbers; expected labels");
        Optional<ExampleShape> before = Optional.of(new ImageShape(1, 3, 3));
        assertThatThrownBy(() -> source(ArrayFormat.IDX, images, Optional.empty(), Optional.empty(), before)
                        .load(ProgressListener.none()))
                .hasMessageStartingWith(images + ": holds images of 1x2x2, expected 1x3x3");
        Path two = write("two", IdxBytes.file(0x803, 0, 8, 2, 2, 2));
        assertThatThrownBy(() -> source(ArrayFormat.IDX, two, Optional.empty(), Optional.empty(), Optional.empty())
                        .load(ProgressListener.none()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("2 images are too few");
        assertThatThrownBy(() -> new SplitShares(0.5, 0.5, 1)).isInstanceOf(DataException.class);
    }

    @Test
    void theFormatIsToldByTheFirstBytes() throws IOException {
        byte[] npy = NpyFileTest.npy(1, "|u1", false, "1, 2", "07ff");
        byte[] idx = IdxBytes.labels(3);
        for (String name : List.of("x.npy", "x.npy.gz", "x.gz", "x.csv", "x")) {
            assertThat(ArrayFormat.of(write(name, npy))).as(name).contains(ArrayFormat.NPY);
            assertThat(ArrayFormat.of(write(name, IdxBytes.gzip(npy)))).as(name).contains(ArrayFormat.NPY);
            assertThat(ArrayFormat.of(write(name, idx))).as(name).contains(ArrayFormat.IDX);
            assertThat(ArrayFormat.of(write(name, IdxBytes.gzip(idx)))).as(name).contains(ArrayFormat.IDX);
        }
        byte[] text = "a,b\n1,2\n".getBytes(StandardCharsets.UTF_8);
        assertThat(ArrayFormat.of(write("x.csv.gz", IdxBytes.gzip(text)))).isEmpty();
        assertThat(ArrayFormat.of(write("cut.gz", new byte[] {0x1f, (byte) 0x8b, 8})))
                .isEmpty();
        assertThat(ArrayFormat.of(write("empty", new byte[0]))).isEmpty();
        // The reader says what is wrong with it.
        assertThat(ArrayFormat.of(write("text.NPY", text))).contains(ArrayFormat.NPY);
        assertThat(ArrayFormat.of(folder)).isEmpty();
    }

    private static ArraySource source(
            ArrayFormat format,
            Path data,
            Optional<Path> labels,
            Optional<Path> test,
            Optional<ExampleShape> expected) {
        return new ArraySource(
                format,
                new ArraySource.Labelled(data, labels),
                test.map(file -> new ArraySource.Labelled(file, Optional.empty())),
                expected,
                SHARES);
    }

    private static List<Integer> sizes(Splits splits) {
        return List.of(
                splits.train().size(), splits.validation().size(), splits.test().size());
    }

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }
}
