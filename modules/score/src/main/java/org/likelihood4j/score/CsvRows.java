package org.likelihood4j.score;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.likelihood4j.score.files.ExportException;

/** Rows of comma-separated values (RFC 4180) under a header, as a model's stored numbers: its columns are found by their names, in any order and among others. */
public final class CsvRows {
    private static final int MOST_CHARACTERS = 1 << 20;
    private static final int END = -1;

    private final Scorer scorer;
    private final String name;
    private final BufferedReader reader;
    private final List<String> header;
    private final Set<String> wanted;
    private int line = 1;

    private CsvRows(Scorer scorer, String name, Reader reader) {
        this.scorer = scorer;
        this.name = name;
        this.reader = new BufferedReader(reader);
        wanted = scorer.columns().stream().map(ExportColumn::name).collect(Collectors.toSet());
        if (wanted.isEmpty()) {
            throw new ExportException(
                    name + ": has rows, and the model of run '" + scorer.run() + "' takes images: give those in Java");
        }
        // Some programs put a mark before UTF-8.
        if (peek() == '\ufeff') {
            next();
        }
        header = cells();
        if (header.isEmpty()) {
            throw new ExportException(name + ": is empty, expected a header and rows");
        }
        Set<String> seen = new HashSet<>();
        header.stream().filter(column -> !seen.add(column)).findFirst().ifPresent(twice -> {
            throw new ExportException(name + ": the header has '" + twice + "' twice");
        });
    }

    /**
     * Reads rows as the stream is read; {@link Scorer#score(Stream)} takes them.
     *
     * @param name of what is read, for messages
     * @param csv text; not closed
     * @throws ExportException at once if there is no header, or the model takes no rows; later, of the stream, if a row cannot be read: one line that names its own
     */
    public static Stream<double[]> read(Scorer scorer, String name, Reader csv) {
        CsvRows rows = new CsvRows(scorer, name, csv);
        Iterator<double[]> iterator = new Iterator<>() {
            private double[] ready;

            @Override
            public boolean hasNext() {
                ready = ready == null ? rows.row() : ready;
                return ready != null;
            }

            @Override
            public double[] next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                double[] row = ready;
                ready = null;
                return row;
            }
        };
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(iterator, Spliterator.ORDERED | Spliterator.NONNULL), false);
    }

    /** The next row; null at the end. */
    private double[] row() {
        int first = line;
        List<String> cells = cells();
        while (cells.size() == 1 && cells.get(0).isEmpty() && header.size() > 1) {
            first = line;
            cells = cells();
        }
        if (cells.isEmpty()) {
            return null;
        }
        try {
            if (cells.size() != header.size()) {
                throw new ExportException(
                        cells.size() + " cells under a header of " + header.size() + "; commas stand between cells");
            }
            Map<String, String> row = new HashMap<>();
            for (int i = 0; i < cells.size(); i++) {
                if (wanted.contains(header.get(i))) {
                    row.put(header.get(i), cells.get(i));
                }
            }
            return scorer.row(row);
        } catch (ExportException e) {
            throw new ExportException(name + ", line " + first + ": " + e.getMessage(), e);
        }
    }

    /** The cells of the next record, which a quoted line's end does not end; none at the end. */
    private List<String> cells() {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        boolean wasQuoted = false;
        int read = 0;
        int first = line;
        for (int c = next(); ; c = next()) {
            if (++read > MOST_CHARACTERS) {
                throw new ExportException(name + ", line " + first + ": a row of more than " + MOST_CHARACTERS
                        + " characters; is a quote missing?");
            }
            if (c == END && quoted) {
                throw new ExportException(name + ", line " + first + ": a quote has no end");
            }
            if (c == '\n') {
                line++;
            }
            if (quoted && c == '"' && peek() == '"') {
                cell.append((char) next());
            } else if (c == '"' && (quoted || (cell.isEmpty() && !wasQuoted))) {
                quoted = !quoted;
                wasQuoted = true;
            } else if (quoted || (c != ',' && c != '\n' && c != END)) {
                if (quoted || c != '\r' || peek() != '\n') {
                    cell.append((char) c);
                }
            } else {
                if (c == END && cells.isEmpty() && cell.isEmpty() && !wasQuoted) {
                    return cells;
                }
                cells.add(cell.toString());
                cell.setLength(0);
                wasQuoted = false;
                if (c != ',') {
                    return cells;
                }
            }
        }
    }

    private int next() {
        try {
            return reader.read();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private int peek() {
        try {
            reader.mark(1);
            int c = reader.read();
            reader.reset();
            return c;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private ExportException unreadable(IOException e) {
        return new ExportException(
                name + (e instanceof CharacterCodingException ? ": is no text in UTF-8" : ": cannot be read"), e);
    }
}
