package org.likelihood4j.data.csv;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.likelihood4j.data.tables.CellText;
import org.likelihood4j.data.tables.TableForm;

/** How a text file is written. */
record CsvForm(Path file, CsvHead head, CsvDialect dialect) implements TableForm {
    @Override
    public List<String> notes() {
        return head.notes();
    }

    @Override
    public String unit() {
        return "line";
    }

    @Override
    public String where(long line, String column) {
        return file + ":" + line + ":" + column;
    }

    @Override
    public Optional<String> doubt() {
        return Optional.of(dialect.toString());
    }

    @Override
    public String problem(String cell) {
        return CellText.problem(cell, dialect.decimal());
    }
}
