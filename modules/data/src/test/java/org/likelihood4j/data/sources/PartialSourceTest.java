package org.likelihood4j.data.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.FiledTable;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.PartialExamples;
import org.likelihood4j.data.PartialSource;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.Shards;
import org.likelihood4j.data.SplitShares;
import org.likelihood4j.data.SplitSizes;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.formats.ArrayFormat;
import org.likelihood4j.data.formats.IdxBytes;
import org.likelihood4j.data.formats.NpyFileTest;
import org.likelihood4j.data.parquet.ParquetSamples;
import org.likelihood4j.data.synthetic.DigitsSource;
import org.likelihood4j.data.synthetic.ToySource;
import org.likelihood4j.data.synthetic.densities.ToyDensity;
import org.likelihood4j.data.tables.ColumnChoice;
import org.likelihood4j.data.tables.MissingCells;

/** What is read of some shards is what they are of all data. */
class PartialSourceTest {
    private static final SplitShares SHARES = new SplitShares(0.2, 0.1, 7);
    private static final int COUNT = 4;

    @TempDir
    private Path folder;

    private Path write(String name, byte... bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private static ColumnChoice labelled(String label) {
        return new ColumnChoice(Optional.empty(), Optional.of(label));
    }

    private PartialSource parquet() throws IOException {
        Path table = write("table.parquet", ParquetSamples.bytes("pyarrow-groups"));
        return new ParquetSource(table, Optional.empty(), labelled("kind"), MissingCells.REFUSE, SHARES);
    }

    private PartialSource csv(MissingCells missing, Optional<Path> test, String... rows) throws IOException {
        Path file = Files.writeString(folder.resolve("rows.csv"), "a,b,kind\n" + String.join("\n", rows) + "\n");
        return new CsvSource(file, test, CsvSource.Layout.unknown(labelled("kind"), missing), SHARES);
    }

    private static String[] rows(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> i * i % 13 + "," + i / 4.0 + ",k" + i % 3)
                .toArray(String[]::new);
    }

    private static PartialSource array(ArrayFormat format, Path file, Optional<Path> labels) {
        return new ArraySource(
                format, new ArraySource.Labelled(file, labels), Optional.empty(), Optional.empty(), SHARES);
    }

    private Path pictures() throws IOException {
        Path pictures = folder.resolve("pictures");
        for (int i = 0; i < 15; i++) {
            Path of = Files.createDirectories(pictures.resolve("class" + i % 2));
            BufferedImage picture = new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY);
            picture.getRaster().setSample(i % 3, i % 2, 0, 10 * i + 9);
            ImageIO.write(picture, "png", of.resolve(i + ".png").toFile());
        }
        return pictures;
    }

    @Test
    void aShardIsWhatItIsOfAll() throws IOException {
        requireParts(parquet());
        assertThat(parquet().stream(folder, ProgressListener.none()).train()).isInstanceOf(FiledTable.class);
        requireParts(csv(MissingCells.REFUSE, Optional.empty(), rows(31)));
        Path test = Files.writeString(folder.resolve("test.csv"), "a,b,kind\n1,2,k0\n3,4,only here\n");
        requireParts(csv(MissingCells.REFUSE, Optional.of(test), rows(24)));
        String[] holed = rows(20);
        holed[3] = "1,,k1";
        requireParts(csv(MissingCells.MASK, Optional.empty(), holed));
        requireParts(array(
                ArrayFormat.IDX,
                write("images.gz", IdxBytes.gzip(IdxBytes.file(0x803, 0, 80, 20, 2, 2))),
                Optional.of(write("labels", IdxBytes.labels(20)))));
        String numbers = IntStream.range(0, 30)
                .mapToObj(i -> String.format("%02x", 7 * i))
                .collect(Collectors.joining());
        requireParts(array(
                ArrayFormat.NPY,
                write("rows.npy", NpyFileTest.npy(1, "|u1", false, "15, 2", numbers)),
                Optional.empty()));
        requireParts(new ImagesSource(pictures(), new ImageShape(1, 2, 3), false, SHARES));
        requireParts(new ParquetImages(
                write("pixels.parquet", ParquetSamples.bytes("zstd-v2")),
                Optional.empty(),
                new ImageShape(1, 1, 2),
                Optional.of("bytes"),
                Optional.of("word"),
                SHARES));
        requireParts(new DigitsSource(10, 2, 2, 5));
        requireParts(new ToySource(ToyDensity.RING, 17, 2, 3, 5));
    }

    private void requireParts(PartialSource source) {
        Splits data = source.load(ProgressListener.none());
        requireSame(source.stream(folder, ProgressListener.none()), data);
        source.requireParts(data);
        SplitSizes sizes = SplitSizes.of(data);
        Examples all = data.train();
        Shards shards = new Shards(all.size(), COUNT);
        int[][] expected = shards.of(all);
        assertThat(Arrays.stream(expected).flatMapToInt(Arrays::stream).sorted())
                .as("every example is in one shard")
                .containsExactlyElementsOf(
                        IntStream.range(0, all.size()).boxed().toList());
        for (int first = 0; first < COUNT; first++) {
            for (int count = 1; first + count <= COUNT; count++) {
                PartialExamples part = source.readShards(sizes, shards, first, count, ProgressListener.none());
                int[][] found = shards.of(part);
                int held = 0;
                for (int shard = 0; shard < COUNT; shard++) {
                    if (shard < first || shard >= first + count) {
                        assertThat(found[shard]).isNull();
                        requireAbsent(part, expected[shard][0]);
                        continue;
                    }
                    assertThat(found[shard]).isEqualTo(expected[shard]);
                    held += expected[shard].length;
                    assertThat(part.select(expected[shard]).sha256())
                            .isEqualTo(part.sha256(expected[shard]))
                            .isEqualTo(all.select(expected[shard]).sha256());
                    assertThat(part.gather(expected[shard]).doubles())
                            .containsExactly(all.gather(expected[shard]).doubles());
                    for (int i : expected[shard]) {
                        assertThat(part.label(i)).isEqualTo(all.label(i));
                        assertThat(part.place(i)).isEqualTo(all.place(i));
                        assertThat(part.values(i)).containsExactly(all.values(i));
                        assertThat(part.logDensity(i)).isEqualTo(all.logDensity(i));
                    }
                }
                assertThat(part.held()).isEqualTo(held);
                assertThat(part.size()).isEqualTo(all.size());
                assertThat(part.shape()).isEqualTo(all.shape());
                assertThat(part.labelled()).isEqualTo(all.labelled());
            }
        }
    }

    /** What is streamed is what is read whole. */
    private static void requireSame(Splits streamed, Splits whole) {
        assertThat(streamed.classes()).isEqualTo(whole.classes());
        requireSame(streamed.train(), whole.train());
        requireSame(streamed.validation(), whole.validation());
        requireSame(streamed.test(), whole.test());
        int[] some = {3, 4, 5, 1, 0, whole.train().size() - 1};
        Examples chosen = whole.train().select(some);
        requireSame(streamed.train().select(some), chosen);
        assertThat(streamed.train().sha256(some)).isEqualTo(chosen.sha256());
        requireSame(streamed.train().slice(1, 4), whole.train().slice(1, 4));
        requireSame(streamed.train().slice(1, 6).slice(2, 4), whole.train().slice(3, 5));
    }

    private static void requireSame(Examples streamed, Examples whole) {
        assertThat(streamed.size()).isEqualTo(whole.size());
        assertThat(streamed.shape()).isEqualTo(whole.shape());
        assertThat(streamed.labelled()).isEqualTo(whole.labelled());
        assertThat(streamed.hasHoles()).isEqualTo(whole.hasHoles());
        assertThat(streamed.sha256()).isEqualTo(whole.sha256());
        int[] backwards =
                IntStream.range(0, whole.size()).map(i -> whole.size() - 1 - i).toArray();
        assertThat(streamed.gather(backwards).doubles())
                .containsExactly(whole.gather(backwards).doubles());
        for (int i : backwards) {
            assertThat(streamed.values(i)).containsExactly(whole.values(i));
            assertThat(streamed.label(i)).isEqualTo(whole.label(i));
            assertThat(streamed.place(i)).isEqualTo(whole.place(i));
        }
    }

    @Test
    void refusesAlikeWhatIsStreamed() throws IOException {
        String[] holed = rows(20);
        holed[3] = "1,,k1";
        requireRefusedAlike(csv(MissingCells.REFUSE, Optional.empty(), holed));
        requireRefusedAlike(csv(MissingCells.REFUSE, Optional.empty()));
        requireRefusedAlike(csv(MissingCells.REFUSE, Optional.empty(), "1,2,k0"));
        requireRefusedAlike(csv(
                MissingCells.MASK,
                Optional.empty(),
                IntStream.range(0, 9).mapToObj(i -> i + ",,k0").toArray(String[]::new)));
        holed[3] = "1,word,k1";
        requireRefusedAlike(csv(MissingCells.REFUSE, Optional.empty(), holed));
        holed[3] = "1,,k1";
        PartialSource dropped = csv(MissingCells.DROP, Optional.empty(), holed);
        assertThatThrownBy(() -> dropped.stream(folder, ProgressListener.none()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("as some rows were left out of it");
    }

    /** Also where as many rows are left, and where rows may be left out. */
    @Test
    void noticesAFileThatChangesWhileItIsStreamed() throws IOException {
        for (MissingCells missing : List.of(MissingCells.REFUSE, MissingCells.DROP)) {
            for (int left : new int[] {20_000, 10_000}) {
                PartialSource source = csv(missing, Optional.empty(), rows(20_000));
                boolean[] changed = {false};
                ProgressListener changing = (what, done, total) -> {
                    if (!changed[0]) {
                        changed[0] = true;
                        change(left);
                    }
                };
                assertThatThrownBy(() -> source.stream(folder, changing))
                        .isInstanceOf(DataException.class)
                        .hasMessageEndingWith("rows.csv: has become other data while it was read");
            }
        }
    }

    /** Puts another file in the place of what is read. */
    private void change(int rows) {
        try {
            Path other = Files.writeString(
                    folder.resolve("other.csv"),
                    "a,b,kind\n" + String.join("\n", rows(rows)).replace("k0", "k4") + "\n");
            Files.setLastModifiedTime(other, FileTime.fromMillis(0));
            Files.move(other, folder.resolve("rows.csv"), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void requireRefusedAlike(PartialSource source) {
        DataException whole = catchThrowableOfType(DataException.class, () -> source.load(ProgressListener.none()));
        assertThatThrownBy(() -> source.stream(folder, ProgressListener.none()))
                .isInstanceOf(DataException.class)
                .hasMessage(whole.getMessage());
    }

    private static void requireAbsent(PartialExamples part, int example) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> part.gather(new int[] {example}))
                .withMessage("example " + example + " of " + part.size() + " is not held here");
    }

    @Test
    void refusesWhatCannotBeReadInPart() throws IOException {
        String[] holed = rows(20);
        holed[3] = "1,,k1";
        requireRefused(csv(MissingCells.DROP, Optional.empty(), holed), "as some rows were left out of it");
        String bytes = "00".repeat(12);
        requireRefused(
                array(
                        ArrayFormat.NPY,
                        write("fortran.npy", NpyFileTest.npy(1, "|u1", true, "6, 2", bytes)),
                        Optional.empty()),
                "save np.ascontiguousarray(x)");
        requireRefused(
                array(
                        ArrayFormat.NPY,
                        write("floats.npy", NpyFileTest.npy(1, "<f4", false, "6, 2, 1", "00".repeat(48))),
                        Optional.empty()),
                "save them with .astype('uint8')");
        Path pictures = pictures();
        Files.writeString(pictures.resolve("class0/14.png"), "no picture");
        requireRefused(
                new ImagesSource(pictures, new ImageShape(1, 2, 3), true, SHARES),
                "as some images were left out of it");
    }

    private static void requireRefused(PartialSource source, String line) {
        Splits data = source.load(ProgressListener.none());
        assertThatThrownBy(() -> source.requireParts(data))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(line)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    @Test
    void noticesAnotherFile() throws IOException {
        SplitSizes more = new SplitSizes(35, 10, 5, List.of("w0", "w1", "w2"));
        SplitSizes others = new SplitSizes(28, 8, 4, List.of("w0", "w1"));
        PartialSource source = parquet();
        assertThatThrownBy(() -> source.readShards(more, new Shards(35, 4), 3, 1, ProgressListener.none()))
                .isInstanceOf(DataException.class)
                .hasMessageMatching(".*table.parquet: has \\d+ rows where \\d+ were; is it another file\\?");
        assertThatThrownBy(() -> source.readShards(others, new Shards(28, 4), 3, 1, ProgressListener.none()))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith("has the label 'w2', which was not there when the training began");
    }
}
