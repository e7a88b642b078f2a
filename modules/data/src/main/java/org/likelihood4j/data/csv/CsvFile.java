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
import org.likelihood4j.data.columns.ColumnKind;
import org.likelihood4j.data.tables.TableFile;
import org.likelihood4j.data.tables.TableForm;
import org.likelihood4j.data.tables.WantedRows;
import org.likelihood4j.io.Printable;

/** A table in a text file, which is read a row at a time. */
public record CsvFile(Path file, CsvDialect dialect) implements TableFile {
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
        return reading(file, () -> head(CsvSample.of(file), dialect, file));
    }

    static CsvHead head(CsvSample sample, CsvDialect dialect, Path file) throws IOException {
        List<List<String>> rows = sample.rows(dialect.delimiter());
        if (rows.isEmpty()) {
            throw new DataException(file + ": is empty");
        }
        CsvHead head = CsvHead.of(rows, dialect);
        if (head.names().isEmpty()) {
            throw new DataException(file + ": has no cell with anything in it");
        }
        return head;
    }

    @Override
    public TableForm form() {
        return new CsvForm(file, head(), dialect);
    }

    @Override
    public List<String> names() {
        return head().names();
    }

    @Override
    public String text(ColumnKind kind, double stored) {
        String text = kind.text(stored);
        return kind.isText() ? text : text.replace('.', dialect.decimal());
    }

    @Override
    public void each(List<String> columns, WantedRows wanted, ProgressListener progress, Sink sink) {
        TextRow row = new TextRow(new CsvForm(file, head(), dialect), columns);
        reading(file, () -> {
            try (Reader in = TextFile.open(file)) {
                CsvReader reader = new CsvReader(in, dialect.delimiter());
                if (dialect.header()) {
                    reader.next();
                }
                long count = 0;
                for (List<String> cells = reader.next(); cells != null && wanted.any(); cells = reader.next()) {
                    if (wanted.take(count)) {
                        sink.take(row.with(cells, reader.line()), reader.line());
                    }
                    if (++count % 10_000 == 0) {
                        progress.progress("reading " + file.getFileName(), count, -1);
                    }
                }
                return count;
            }
        });
    }

    @FunctionalInterface
    interface Reading<T> {
        T read() throws IOException;
    }

    /** What is read, with what is wrong in one line. */
    static <T> T reading(Path file, Reading<T> work) {
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
