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
import org.likelihood4j.score.files.ExampleException;

/** Rows of comma-separated values (RFC 4180; blanks around cells and lines without anything do not count) under a header, as a model's stored numbers: its columns are found by their names, in any order and among others. */
public final class CsvRows {
    private static final int MOST_CHARACTERS = 1 << 20;
    private static final int END = -1;

    private final Scorer scorer;
    private final String name;
    private final BufferedReader reader;
    private final List<String> header;
    private final Set<String> wanted;
    private int line = 1;
    /** Where the record that was read last begins. */
    private int first = 1;
    /** Characters of it. */
    private int read;

    private CsvRows(Scorer scorer, String name, Reader reader) {
        this.scorer = scorer;
        this.name = name;
        this.reader = new BufferedReader(reader);
        wanted = scorer.columns().stream().map(ExportColumn::name).collect(Collectors.toSet());
        if (wanted.isEmpty()) {
            throw new ExampleException(
                    name + ": has rows, and the model of run '" + scorer.run() + "' takes images: give those in Java");
        }
        // Some programs put a mark before UTF-8.
        if (peek() == '\ufeff') {
            next();
        }
        header = cells();
        if (header.isEmpty()) {
            throw new ExampleException(name + ": is empty, expected a header and rows");
        }
        Set<String> seen = new HashSet<>();
        header.stream()
                .filter(column -> wanted.contains(column) && !seen.add(column))
                .findFirst()
                .ifPresent(twice -> {
                    throw new ExampleException(name + ": the header has '" + twice + "' twice");
                });
        List<String> missing = scorer.columns().stream()
                .map(ExportColumn::name)
                .filter(column -> !seen.contains(column))
                .toList();
        // Cells can be left out of a row, not all of all rows.
        if (!missing.isEmpty() && (!scorer.leavesOut() || seen.isEmpty())) {
            throw new ExampleException(name + ": the header has no column " + ExportColumn.names(missing) + "; it has "
                    + ExportColumn.names(header) + ". Commas stand between columns");
        }
    }

    /**
     * Reads rows as the stream is read; {@link Scorer#score(Stream)} takes them.
     *
     * @param name of what is read, for messages
     * @param csv text; not closed
     * @throws ExampleException at once if there is no header, or not the columns that the model takes; later, of the stream, if a row cannot be read: one line that names its own
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
        List<String> cells = cells();
        if (cells.isEmpty()) {
            return null;
        }
        try {
            if (cells.size() != header.size()) {
                throw new ExampleException(
                        cells.size() + " cells under a header of " + header.size() + "; commas stand between cells");
            }
            Map<String, String> row = new HashMap<>();
            for (int i = 0; i < cells.size(); i++) {
                if (wanted.contains(header.get(i))) {
                    row.put(header.get(i), cells.get(i));
                }
            }
            return scorer.row(row);
        } catch (ExampleException e) {
            throw new ExampleException(name + ", line " + first + ": " + e.getMessage(), e);
        }
    }

    /** The cells of the next record, which a quoted line's end does not end; none at the end. Lines without anything are passed over. */
    private List<String> cells() {
        while (true) {
            first = line;
            read = 0;
            skipBlanks();
            int c = peek();
            if (c == END) {
                return List.of();
            } else if (isBreak(c)) {
                takeBreak();
            } else {
                List<String> cells = new ArrayList<>(List.of(cell()));
                while (peek() == ',') {
                    next();
                    cells.add(cell());
                }
                takeBreak();
                return cells;
            }
        }
    }

    /** Blanks around it do not count, but within quotes. */
    private String cell() {
        skipBlanks();
        StringBuilder cell = new StringBuilder();
        if (peek() == '"') {
            next();
            for (int c = next(); c != '"' || peek() == '"'; c = next()) {
                if (c == END) {
                    throw new ExampleException(name + ", line " + first + ": a quote has no end");
                }
                // Of two quotes one.
                cell.append((char) (c == '"' ? next() : c));
                line += c == '\n' || (c == '\r' && peek() != '\n') ? 1 : 0;
            }
            skipBlanks();
            if (peek() != ',' && peek() != END && !isBreak(peek())) {
                throw new ExampleException(name + ", line " + line + ": text behind the quote that ends a cell");
            }
            return cell.toString();
        }
        int end = 0;
        for (int c = peek(); c != ',' && c != END && !isBreak(c); c = peek()) {
            cell.append((char) next());
            end = isBlank(c) ? end : cell.length();
        }
        return cell.substring(0, end);
    }

    private void skipBlanks() {
        while (isBlank(peek())) {
            next();
        }
    }

    /** The no-break space too, which spreadsheets write within numbers. */
    private static boolean isBlank(int c) {
        return c == ' ' || c == '\t' || c == '\u00a0';
    }

    private static boolean isBreak(int c) {
        return c == '\n' || c == '\r';
    }

    private void takeBreak() {
        if (next() == '\r' && peek() == '\n') {
            next();
        }
        line++;
    }

    private int next() {
        if (++read > MOST_CHARACTERS) {
            throw new ExampleException(name + ", line " + first + ": a row of more than " + MOST_CHARACTERS
                    + " characters; is a quote missing?");
        }
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

    private ExampleException unreadable(IOException e) {
        String reason = e instanceof CharacterCodingException
                ? "is no text in UTF-8; save it as UTF-8, such as with iconv -f latin1 -t utf-8"
                : "cannot be read";
        return new ExampleException(name + ": " + reason, e);
    }
}
