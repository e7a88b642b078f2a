package org.likelihood4j.data.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.SplitShares;
import org.likelihood4j.data.VectorShape;

class StreamedRowsTest {
    private static final String CHANGED = "table.csv: has become other data while it was read";

    @TempDir
    private Path folder;

    private StreamedRows three() {
        return new StreamedRows(
                VectorShape.numbered(1),
                Path.of("table.csv"),
                false,
                new SplitShares.Parts(new int[] {2, 0}, new int[] {1}, new int[0]),
                folder);
    }

    private static void take(StreamedRows rows, int place) {
        rows.take(new double[] {place / 4.0}, null, place);
    }

    @Test
    void aTableThatBecomesAnotherIsRefused() {
        StreamedRows rows = three();
        take(rows, 0);
        take(rows, 1);
        assertThatExceptionOfType(DataException.class)
                .as("fewer rows than were counted")
                .isThrownBy(() -> rows.splits(List.of()))
                .withMessage(CHANGED);
        take(rows, 2);
        assertThat(rows.splits(List.of()).train().values(0)).containsExactly(0.5);
        assertThatExceptionOfType(DataException.class)
                .as("more")
                .isThrownBy(() -> take(rows, 3))
                .withMessage(CHANGED);
    }
}
