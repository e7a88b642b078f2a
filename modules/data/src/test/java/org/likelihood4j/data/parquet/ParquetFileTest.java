package org.likelihood4j.data.parquet;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.likelihood4j.data.parquet.ParquetSamples.ALL;
import static org.likelihood4j.data.parquet.ParquetSamples.NAMES;
import static org.likelihood4j.data.parquet.ParquetSamples.ROWS;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.PartialSource;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.Shards;
import org.likelihood4j.data.SplitShares;
import org.likelihood4j.data.SplitSizes;
import org.likelihood4j.data.sources.ParquetSource;
import org.likelihood4j.data.tables.ColumnChoice;
import org.likelihood4j.data.tables.MissingCells;
import org.likelihood4j.data.tables.TypedRow;
import org.likelihood4j.data.tables.WantedRows;

/** Modules/spark holds many more files against what Spark reads; here are a few of its files, and what is wrong with others. */
class ParquetFileTest {
    @TempDir
    private Path folder;

    private Path write(String name, byte... bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private static List<List<Object>> cells(Path file, List<String> columns) {
        List<List<Object>> rows = new ArrayList<>();
        new ParquetFile(file).each(columns, ProgressListener.none(), (row, place) -> {
            assertThat(place).isEqualTo(rows.size());
            List<Object> cells = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                cells.add(((TypedRow) row).cell(i));
            }
            rows.add(cells);
        });
        return rows;
    }

    @Test
    void cellsAreWhatWasWritten() throws IOException {
        for (String sample : ALL) {
            Path file = write(sample, ParquetSamples.bytes(sample));
            assertThat(ParquetFile.isParquet(file)).isTrue();
            assertThat(new ParquetFile(file).names()).isEqualTo(NAMES);
            assertThat(new ParquetFile(file).rows()).isEqualTo(ROWS);
            assertThat(new ParquetFile(file).binary()).containsExactly("bytes");
            List<List<Object>> rows = cells(file, NAMES);
            for (int place = 0; place < ROWS; place++) {
                for (int i = 0; i < NAMES.size(); i++) {
                    assertThat(rows.get(place).get(i))
                            .as("%s, row %s, %s", sample, place, NAMES.get(i))
                            .isEqualTo(ParquetSamples.cell(NAMES.get(i), place));
                }
            }
        }
        Path old = write("old", ParquetSamples.bytes("none-int96"));
        assertThat(cells(old, List.of("point")).get(5)).containsExactly(ParquetSamples.cell("point", 5));
    }

    /** Whether a group was read shows where it is damaged. */
    @Test
    void ofSomeShardsOnlyTheirGroupsAreRead() throws IOException {
        byte[] whole = ParquetSamples.bytes("pyarrow-groups");
        Path file = write("groups.parquet", whole);
        List<RowGroup> groups;
        try (FileChannel in = FileChannel.open(file)) {
            groups = Footer.read(in).groups();
        }
        assertThat(groups).hasSize(8).allMatch(group -> group.rows() == 5);
        PartialSource source = new ParquetSource(
                file,
                Optional.empty(),
                new ColumnChoice(Optional.empty(), Optional.of("kind")),
                MissingCells.REFUSE,
                new SplitShares(0.2, 0.1, 3));
        SplitSizes sizes = SplitSizes.of(source.load(ProgressListener.none()));
        Shards shards = new Shards(sizes.train(), 4);
        int[] rows = Arrays.stream(source.trainingRows(sizes)).sorted().toArray();
        int read = 0;
        for (int damaged = 0; damaged < groups.size(); damaged++) {
            byte[] bytes = whole.clone();
            for (Chunk chunk : groups.get(damaged).chunks()) {
                Arrays.fill(bytes, (int) chunk.start(), (int) (chunk.start() + chunk.length()), (byte) 0xff);
            }
            write("groups.parquet", bytes);
            for (int shard = 0; shard < 4; shard++) {
                int first = shard;
                int group = damaged;
                boolean needed = Arrays.stream(rows, shards.from(shard), shards.from(shard + 1))
                        .anyMatch(row -> row / 5 == group);
                ThrowingCallable reading = () -> source.readShards(sizes, shards, first, 1, ProgressListener.none());
                if (needed) {
                    assertThatThrownBy(reading).isInstanceOf(DataException.class);
                    read++;
                } else {
                    assertThatNoException().isThrownBy(reading);
                }
            }
        }
        // Of 32 that there are for four workers.
        assertThat(read).isBetween(8, 12);
    }

    @Test
    void columnsComeInTheOrderInWhichTheyAreAskedFor() throws IOException {
        Path file = write("table", ParquetSamples.bytes(ALL.get(0)));
        assertThat(cells(file, List.of("n", "word", "n")).get(7)).containsExactly(2L, "w1", 2L);
    }

    @Test
    void aFolderIsItsFilesInTheOrderOfTheirNames() throws IOException {
        write("part-00001.parquet", ParquetSamples.bytes(ALL.get(1)));
        write("part-00000.parquet", ParquetSamples.bytes(ALL.get(0)));
        write("part-00002.parquet");
        write("_SUCCESS");
        write("_metadata", (byte) 1);
        write(".part-00000.parquet.crc", (byte) 1);
        assertThat(ParquetFile.isParquet(folder)).isTrue();
        List<List<Object>> rows = cells(folder, List.of("place"));
        assertThat(rows).hasSize(2 * ROWS);
        assertThat(rows.get(ROWS + 3)).containsExactly(3L);
        assertThat(new ParquetFile(folder).rows()).isEqualTo(2 * ROWS);
    }

    @Test
    void foldersThatAreNone() throws IOException {
        assertThat(ParquetFile.isParquet(folder)).isFalse();
        write("a.png", (byte) 1, (byte) 2, (byte) 3, (byte) 4);
        assertThat(ParquetFile.isParquet(folder)).isFalse();
        assertThat(ParquetFile.isParquet(folder.resolve("missing.parquet"))).isFalse();
        Path divided = Files.createDirectories(folder.resolve("t.parquet"));
        Files.createDirectories(divided.resolve("country=DE"));
        assertThatThrownBy(() -> cells(divided, List.of("x")))
                .isInstanceOf(DataException.class)
                .hasMessage(
                        divided + ": cannot be read as Parquet (it has a folder country=DE in it: rows that are divided"
                                + " into folders are not read; write them into one)");
    }

    @Test
    void whatIsMissingIsToldInALine() throws IOException {
        Path missing = folder.resolve("missing.parquet");
        assertThatThrownBy(() -> new ParquetFile(missing).names()).hasMessage(missing + ": no such file");
        Path empty = Files.createDirectories(folder.resolve("empty"));
        assertThatThrownBy(() -> new ParquetFile(empty).names()).hasMessage(empty + ": has no Parquet file in it");
        Path file = write("table", ParquetSamples.bytes(ALL.get(0)));
        assertThatThrownBy(() -> new ParquetFile(file)
                        .eachBinary(
                                "x",
                                Optional.empty(),
                                WantedRows.all(),
                                ProgressListener.none(),
                                (bytes, label, place) -> {}))
                .hasMessage(file + ": row 0, column 'x': expected bytes, was no binary cell");
    }

    /** A file by its bytes and what it says of itself, in hex. */
    private Path file(String pages, String footer) throws IOException {
        byte[] description = HexFormat.of().parseHex(footer.replace(" ", ""));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("PAR1".getBytes(US_ASCII));
        bytes.writeBytes(HexFormat.of().parseHex(pages.replace(" ", "")));
        bytes.writeBytes(description);
        bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(description.length)
                .array());
        bytes.writeBytes("PAR1".getBytes(US_ASCII));
        return write("made", bytes.toByteArray());
    }

    /** Seven rows without a cell, of a column whose cells would take 2 GB each, the bytes apart. */
    @Test
    void cellsThatAreMissingTakeNoMemory() throws IOException {
        String head = "1500 150c 150c 2c 150e 1512 1506 1506 00 00";
        String page = "02000000 0e00";
        String columns = "29 2c" + " 55 02 00" + " 150e 15feffffff0f 1502 1801 78 00";
        String chunk = "3c 150e 3500 160e 262e 2608 00 00";
        Path file = file(head + page, columns + " 29 1c" + " 19 1c" + chunk + " 260e 00" + " 00");
        assertThat(cells(file, List.of("x"))).hasSize(7).containsOnly(Collections.singletonList(null));
    }

    /** Nobody makes room for what a small file says of itself. */
    @Test
    void rowsThatAreNeverReadAreNotCountedEither() throws IOException {
        String columns = "29 2c" + " 55 02 00" + " 150e 15feffffff0f 1502 1801 78 00";
        String chunk = "3c 150e 3500 160e 262e 2608 00 00";
        Path file = file("00".repeat(24), columns + " 29 1c" + " 19 1c" + chunk + " 26feffffff0f 00" + " 00");
        assertThatThrownBy(() -> new ParquetFile(file).rows()).hasMessage(file + ": holds more than 67108864 rows");
    }

    /** A byte in the file is a chunk that says nothing, or seven are one that may be. */
    @Test
    void chunksOfAGroupAreNotCollectedWithoutEnd() throws IOException {
        Path empty = file("", "49 1c" + " 19 fc 808040" + "00".repeat(1 << 20) + " 2600 00" + " 00");
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        Throwable refused = catchThrowable(() -> new ParquetFile(empty).rows());
        long taken = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(refused).hasMessageEndingWith("cannot be read as Parquet (its description is damaged)");
        assertThat(taken).isLessThan(16 << 20);
        Path many = file("", "49 1c" + " 19 fc 818004" + "3c 7600 2608 00 00".repeat((1 << 16) + 1) + " 2600 00 00");
        assertThatThrownBy(() -> new ParquetFile(many).rows())
                .hasMessageEndingWith("cannot be read as Parquet (it has more than 65536 columns)");
    }

    /** A page of 2^19 numbers, of which four bytes say that all are there; before them its head. */
    @Test
    void aPageTakesTheMemoryThatItAskedFor() throws IOException {
        int cells = 1 << 19;
        int size = Integer.BYTES + cells * Double.BYTES;
        byte[] head = HexFormat.of().parseHex("1506" + "1588808004" + "1588808004" + "5c15808040350015081500" + "0000");
        ByteBuffer bytes = ByteBuffer.allocate(head.length + size).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(head).put(HexFormat.of().parseHex("80804001")).putDouble(1.5);
        Path file = write("page", bytes.array());
        Leaf leaf = new Leaf("x", 0, new CellType(CellType.Stored.DOUBLE, 0, CellType.Meaning.PLAIN, 0), true);
        Chunk chunk = new Chunk(5, 0, cells, 0, bytes.capacity(), false);
        Room room = new Room(2L * size);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (FileChannel in = FileChannel.open(file)) {
            Cursor cursor = new Cursor(in, leaf, new RowGroup(cells, List.of(chunk)), room);
            long before = threads.getCurrentThreadAllocatedBytes();
            Object first = cursor.next();
            long taken = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(first).isEqualTo(1.5);
            assertThat(taken).isLessThan(2L * size + (1 << 20));
            assertThatThrownBy(() -> room.take(1)).isInstanceOf(IOException.class);
        }
    }

    /** Cut off or changed anywhere: either it is read, or refused in a line that names it. */
    @Test
    void damageIsToldInALine() throws IOException {
        for (String sample : ALL) {
            byte[] good = ParquetSamples.bytes(sample);
            int refused = 0;
            for (int i = 0; i < good.length; i += 11) {
                byte[] damaged = good.clone();
                damaged[i] ^= (byte) (1 << i % Byte.SIZE);
                refused += refuses(write("damaged", damaged)) ? 1 : 0;
                if (i % 121 == 0) {
                    assertThat(refuses(write("cut", Arrays.copyOf(good, i)))).isTrue();
                }
            }
            // Every page has a check sum; statistics and names are not looked at.
            assertThat(refused).isGreaterThan(good.length / 33);
        }
    }

    private static boolean refuses(Path file) {
        try {
            ParquetFile read = new ParquetFile(file);
            cells(file, read.names());
            return false;
        } catch (DataException e) {
            assertThat(e).hasMessageStartingWith(file + ": ").hasMessageNotContaining("\n");
            assertThat(e.getMessage()).hasSizeLessThan(400).doesNotContain("java.");
            return true;
        }
    }
}
