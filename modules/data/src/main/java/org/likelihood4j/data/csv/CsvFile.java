package org.likelihood4j.data.csv;

import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.io.Printable;

/**
 * A table in a text file: every row as many cells, of which the chosen columns hold numbers and one may hold labels. The file is
 * read a row at a time.
 */
public record CsvFile(Path file, CsvDialect dialect) {
    /**
     * How a file is written.
     *
     * @throws DataException if it cannot be read, or its beginning does not tell
     */
    public static CsvDialect dialect(Path file, CsvSniffer sniffer) {
        return reading(file, () -> sniffer.sniff(CsvSample.of(file), file.toString()));
    }

    /** The columns, from the beginning of the file. */
    public CsvHead head() {
        return reading(file, () -> {
            List<List<String>> rows = CsvSample.of(file).rows(dialect.delimiter());
            if (rows.isEmpty()) {
                throw new DataException(file + ": is empty");
            }
            CsvHead head = CsvHead.of(rows, dialect);
            if (head.names().isEmpty()) {
                throw new DataException(file + ": has no cell with anything in it");
            }
            return head;
        });
    }

    /** The chosen columns' names, from the beginning of the file. */
    public List<String> columns(ColumnChoice choice) {
        List<String> columns = choice.among(head().names(), file.toString());
        if (columns.size() > VectorShape.MOST_COLUMNS) {
            throw new DataException(file + ": has " + columns.size() + " columns; at most " + VectorShape.MOST_COLUMNS
                    + " can be trained on: choose some with data.columns (or is data.delimiter another one?)");
        }
        return columns;
    }

    /**
     * Reads the file.
     *
     * @throws DataException if a chosen column is missing, a cell is no number, or cells are missing and may not; says where
     */
    public CsvContent read(ColumnChoice choice, MissingCells missing, ProgressListener progress) {
        CsvHead head = head();
        List<String> columns = columns(choice);
        return reading(file, () -> {
            try (Reader in = TextFile.open(file)) {
                CsvReader reader = new CsvReader(in, dialect.delimiter());
                if (dialect.header()) {
                    reader.next();
                }
                CsvRowsReader rows = new CsvRowsReader(file, dialect, head, columns, choice, missing);
                for (List<String> row = reader.next(); row != null; row = reader.next()) {
                    rows.add(row, reader.line());
                    if (rows.count() % 10_000 == 0) {
                        progress.progress("reading " + file.getFileName(), rows.count(), -1);
                    }
                }
                return rows.content();
            }
        });
    }

    @FunctionalInterface
    private interface Reading<T> {
        T read() throws IOException;
    }

    private static <T> T reading(Path file, Reading<T> work) {
        try {
            return work.read();
        } catch (NoSuchFileException e) {
            throw new DataException(file + ": no such file", e);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read as a table (" + reason(e) + ")", e);
        }
    }

    private static String reason(IOException failure) {
        if (failure instanceof CharacterCodingException) {
            return "it is not UTF-8; save it as UTF-8, such as with iconv -f latin1 -t utf-8";
        } else if (failure instanceof EOFException) {
            return "its gzip data end too early";
        }
        return Printable.line(Optional.ofNullable(failure.getMessage()).orElse("input/output error"));
    }
}
