package org.likelihood4j.data.csv;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.tables.CollectedRows;
import org.likelihood4j.data.tables.ColumnChoice;
import org.likelihood4j.data.tables.MissingCells;
import org.likelihood4j.data.tables.RowsReader;
import org.likelihood4j.data.tables.TableContent;

/** A table that comes as a stream, such as standard input: rows are given on as they come, some at a time, and none is kept. */
public final class CsvStream {
    private final Path name;
    private final Reader in;
    private final CsvSample sample;

    /**
     * Waits for the first two lines.
     *
     * @param name for messages
     * @throws DataException if it cannot be read or is no text
     */
    public CsvStream(InputStream bytes, Path name) {
        this.name = name;
        this.in = CsvFile.reading(name, () -> TextFile.decoded(unpacked(bytes)));
        this.sample = CsvFile.reading(name, () -> CsvSample.ofStream(in));
    }

    private static InputStream unpacked(InputStream bytes) throws IOException {
        InputStream in = new BufferedInputStream(bytes, 1 << 13);
        in.mark(2);
        boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
        in.reset();
        if (gzip) {
            throw new IOException("it is gzipped; unpack it, such as with gunzip -c");
        }
        return in;
    }

    /**
     * How it is written.
     *
     * @throws DataException if its beginning does not tell
     */
    public CsvDialect dialect(CsvSniffer sniffer) {
        return CsvFile.reading(name, () -> sniffer.sniff(sample, name.toString()));
    }

    /** The columns, from the beginning. */
    public CsvHead head(CsvDialect dialect) {
        return CsvFile.reading(name, () -> CsvFile.head(sample, dialect, name));
    }

    /**
     * Reads to the end, or until the sink has enough.
     *
     * @param most rows at a time; fewer where no more are there yet
     * @param sink takes rows, whose places count from the first of the stream; whether it wants more
     * @throws DataException if a chosen column is missing, a cell is not what its column holds, or cells are missing and may not; says
     *     where. Rows before may have been taken
     */
    public void read(
            CsvDialect dialect,
            CsvHead head,
            ColumnChoice choice,
            MissingCells missing,
            int most,
            Predicate<TableContent> sink) {
        List<String> columns = choice.among(head.names(), name.toString());
        CsvForm form = new CsvForm(name, head, dialect);
        CsvFile.reading(name, () -> {
            CsvReader reader = new CsvReader(new ReplayingReader(sample.text(), in), dialect.delimiter());
            if (dialect.header()) {
                reader.next();
            }
            int seen = 0;
            List<String> row = reader.next();
            if (row == null) {
                throw new DataException(name + ": has no rows of numbers");
            }
            while (row != null) {
                CollectedRows collected = CollectedRows.of(name, choice);
                RowsReader rows = new RowsReader(form, columns, choice, missing, collected);
                TextRow cells = new TextRow(form, rows.wanted());
                do {
                    rows.add(cells.with(row, reader.line()), reader.line());
                } while (rows.seen() < most && reader.ready() && (row = reader.next()) != null);
                seen += rows.seen();
                if (!sink.test(collected.content(columns, seen - rows.seen(), rows.checked(false)))) {
                    break;
                }
                row = row == null ? null : reader.next();
            }
            return seen;
        });
    }
}
