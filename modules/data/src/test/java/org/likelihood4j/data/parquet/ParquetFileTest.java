package org.likelihood4j.data.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.likelihood4j.data.parquet.ParquetSamples.ALL;
import static org.likelihood4j.data.parquet.ParquetSamples.NAMES;
import static org.likelihood4j.data.parquet.ParquetSamples.ROWS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.tables.TypedRow;

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
                        .eachBinary("x", Optional.empty(), ProgressListener.none(), (bytes, label, place) -> {}))
                .hasMessage(file + ": row 0, column 'x': expected bytes, was no binary cell");
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
