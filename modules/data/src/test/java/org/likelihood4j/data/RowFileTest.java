package org.likelihood4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowFileTest {
    private static final int ROWS = 1000;

    @TempDir
    private Path folder;

    /** A row is a function of its place: they come by their places, in stretches of any size. */
    @Test
    void rowsAreInTheOrderThatTheyAreKeptIn() throws IOException {
        int[] places =
                Arrays.stream(Shuffle.permutation(ROWS, 3, 0)).map(i -> 2 * i).toArray();
        int[] coming = PartialExamples.sorted(places);
        for (int stretch : new int[] {1, 16 * 7, 16 * 333, 1 << 20}) {
            RowFile.Writer writer = new RowFile.Writer(RowFile.create(folder, ROWS, 2), places, stretch);
            for (int i : coming) {
                writer.add(i, new double[] {places[i], -places[i] / 3.0});
            }
            RowFile rows = writer.finished();
            for (int i = ROWS - 1; i >= 0; i -= 1 + i / 7) {
                assertThat(rows.row(i)).containsExactly(places[i], -places[i] / 3.0);
            }
            double[] some = new double[7];
            rows.read(990, 3, some, 1);
            assertThat(some)
                    .containsExactly(
                            0,
                            places[990],
                            -places[990] / 3.0,
                            places[991],
                            -places[991] / 3.0,
                            places[992],
                            -places[992] / 3.0);
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    /** Nothing is served in its place. */
    @Test
    void aRowThatCannotBeReadStaysSo() {
        RowFile rows = RowFile.create(folder, 3, 2);
        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(DataException.class)
                    .isThrownBy(() -> rows.row(1))
                    .withMessageContaining("cannot hold the training rows");
        }
    }

    @Test
    void aDiskWithoutRoomIsToldOfBefore() {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> RowFile.create(folder, Integer.MAX_VALUE, 1 << 20))
                .withMessageMatching(
                        "(?s).*: 2,147,483,647 training rows of 1,048,576 columns are put there, which takes 18014398.5 GB, and .* are free");
    }
}
