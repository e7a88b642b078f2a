package org.likelihood4j.data.sources;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.likelihood4j.data.SplitShares;
import org.likelihood4j.data.parquet.ParquetFile;
import org.likelihood4j.data.tables.ColumnChoice;
import org.likelihood4j.data.tables.MissingCells;

/** Rows of tables from Parquet: files, or folders of them. */
public final class ParquetSource extends TableSource {
    /**
     * A source; nothing is read yet.
     *
     * @param test the test set, if it is in files of its own
     */
    public ParquetSource(
            Path data, Optional<Path> test, ColumnChoice choice, MissingCells missing, SplitShares shares) {
        super(data, test, choice, missing, shares);
    }

    @Override
    ParquetFile file(Path file) {
        return new ParquetFile(file);
    }

    @Override
    ColumnChoice typed(ColumnChoice choice) {
        return Files.exists(data()) ? choice.typed(file(data()).kinds(), data().toString()) : choice;
    }

    @Override
    String form() {
        return "parquet: " + data();
    }
}
