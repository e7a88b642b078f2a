package org.likelihood4j.data;

import java.io.BufferedReader;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.likelihood4j.data.io.Printable;

/**
 * A table in a text file (RFC 4180, UTF-8): every row as many cells, in quotes or not, of which the chosen columns hold numbers and
 * one may hold labels. The file is read once, a row at a time.
 *
 * @param header whether the first row names the columns; else they are x1, x2, ...
 */
record CsvFile(Path file, char delimiter, boolean header) {
    static final int MOST_VALUES = 1 << 26;
    /** A quotation mark that is never closed would else put the rest of the file into one cell. */
    static final int LONGEST_ROW = 1 << 20;

    private static final int LONGEST_NUMBER = 400;

    /** No hexadecimal, no NaN, no grouping: what Java reads beside these is hardly meant. */
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?+(?:[0-9]++\\.?+[0-9]*+|\\.[0-9]++)(?:[eE][+-]?+[0-9]++)?+");

    /**
     * What was read.
     *
     * @param values row after row
     * @param labels as they stand in the file; empty without a column of labels
     */
    @SuppressWarnings("ArrayRecordComponent") // on its way to a set
    record Content(List<String> columns, double[] values, List<String> labels) {}

    /** All columns' names, the label's too, from the first row alone. */
    List<String> names() {
        return parse((records, parser) -> {
            if (!records.hasNext()) {
                throw new DataException(file + ": is empty");
            }
            return names(records.next());
        });
    }

    private List<String> names(CSVRecord first) {
        List<String> names = new ArrayList<>();
        int numbers = 0;
        for (int i = 0; i < first.size(); i++) {
            String cell = first.get(i);
            if (header && cell.isEmpty()) {
                throw new DataException(file + ":1: column " + (i + 1) + " has no name");
            }
            if (header && names.contains(cell)) {
                throw new DataException(file + ":1: two columns are called '" + printable(cell) + "'");
            }
            numbers += isNumber(cell) ? 1 : 0;
            names.add(header ? cell : "x" + (i + 1));
        }
        if (names.size() > VectorShape.MOST_COLUMNS) {
            throw new DataException(file + ":1: has " + names.size() + " columns; expected at most "
                    + VectorShape.MOST_COLUMNS + " (data.delimiter)");
        }
        if (header && numbers == names.size()) {
            throw new DataException(
                    file + ":1: the first row holds numbers, not names of columns; set data.header to false");
        }
        return names;
    }

    /**
     * Reads the file.
     *
     * @param chosen columns of numbers, in that order; empty for all but the label
     * @param label the column of labels
     * @throws DataException if a chosen column is missing or a cell is no number; says where
     */
    Content read(Optional<List<String>> chosen, Optional<String> label, ProgressListener progress) {
        return parse((records, parser) -> {
            if (!records.hasNext()) {
                throw new DataException(file + ": is empty");
            }
            CSVRecord first = records.next();
            List<String> names = names(first);
            List<String> columns = chosen.orElseGet(() -> names.stream()
                    .filter(name -> !name.equals(label.orElse(null)))
                    .toList());
            int[] places = columns.stream().mapToInt(name -> place(names, name)).toArray();
            int labelled = label.map(name -> place(names, name)).orElse(-1);
            Rows rows = new Rows(columns, places, labelled, names.size());
            if (!header) {
                rows.add(first, 1);
            }
            while (records.hasNext()) {
                CSVRecord next = records.next();
                rows.add(next, parser.getCurrentLineNumber());
                if (next.getRecordNumber() % 10_000 == 0) {
                    progress.progress("reading " + file.getFileName(), next.getRecordNumber(), -1);
                }
            }
            return rows.content();
        });
    }

    private int place(List<String> names, String name) {
        int place = names.indexOf(name);
        if (place < 0) {
            throw new DataException(file + ": has no column '" + printable(name) + "'; it has "
                    + Printable.line(String.join(", ", names.subList(0, Math.min(20, names.size())))));
        }
        return place;
    }

    /** Rows as they come. */
    private final class Rows {
        private final List<String> columns;
        private final int[] places;
        private final int labelled;
        private final int cells;
        private final List<String> labels = new ArrayList<>();
        private double[] values = new double[1024];
        private int used;

        Rows(List<String> columns, int[] places, int labelled, int cells) {
            this.columns = columns;
            this.places = places;
            this.labelled = labelled;
            this.cells = cells;
        }

        void add(CSVRecord row, long line) {
            if (row.size() != cells) {
                throw new DataException(file + ":" + line + ": has " + row.size() + " cells; expected " + cells
                        + " as in the first row");
            }
            if (used + places.length > MOST_VALUES) {
                throw new DataException(file + ": holds more than " + MOST_VALUES + " numbers");
            }
            if (used + places.length > values.length) {
                values = Arrays.copyOf(values, Math.max(2 * values.length, used + places.length));
            }
            for (int i = 0; i < places.length; i++) {
                values[used++] = number(row.get(places[i]), line, columns.get(i));
            }
            if (labelled >= 0) {
                labels.add(row.get(labelled));
            }
        }

        private double number(String cell, long line, String column) {
            double value = isNumber(cell) ? Double.parseDouble(cell) : Double.NaN;
            if (!Double.isFinite(value)) {
                throw new DataException(file + ":" + line + ":" + printable(column) + ": expected a number, was "
                        + (cell.isEmpty() ? "empty" : "'" + printable(cell) + "'"));
            }
            return value;
        }

        Content content() {
            if (used == 0) {
                throw new DataException(file + ": has no rows of numbers");
            }
            return new Content(columns, Arrays.copyOf(values, used), labels);
        }
    }

    @FunctionalInterface
    private interface Work<T> {
        T on(Iterator<CSVRecord> records, CSVParser parser);
    }

    private <T> T parse(Work<T> work) {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new DataException(file + ": is not a file");
        }
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setDelimiter(delimiter)
                .setIgnoreEmptyLines(true)
                .setIgnoreSurroundingSpaces(true)
                .get();
        try (InputStream in = Files.newInputStream(file)) {
            RowLimit limit = new RowLimit(
                    new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()), 1 << 16));
            try (CSVParser parser =
                    CSVParser.builder().setReader(limit).setFormat(format).get()) {
                Iterator<CSVRecord> records = parser.iterator();
                return work.on(
                        new Iterator<>() {
                            @Override
                            public boolean hasNext() {
                                limit.startRow();
                                return records.hasNext();
                            }

                            @Override
                            public CSVRecord next() {
                                return records.next();
                            }
                        },
                        parser);
            }
        } catch (NoSuchFileException e) {
            throw new DataException(file + ": no such file", e);
        } catch (IOException | UncheckedIOException | IllegalStateException e) {
            Throwable cause = e instanceof UncheckedIOException unchecked ? unchecked.getCause() : e;
            throw new DataException(
                    file + ": cannot be read as a table ("
                            + (cause instanceof CharacterCodingException
                                    ? "it is not UTF-8"
                                    : Printable.line(String.valueOf(cause.getMessage())))
                            + ")",
                    e);
        }
    }

    private static boolean isNumber(String cell) {
        return cell.length() <= LONGEST_NUMBER && NUMBER.matcher(cell).matches();
    }

    private static String printable(String text) {
        return Printable.line(Printable.shorten(text));
    }

    /** Ends a row that is too long, and passes over a byte order mark. */
    private static final class RowLimit extends FilterReader {
        private long read;
        private long allowed = LONGEST_ROW;

        RowLimit(Reader in) throws IOException {
            super(in);
            in.mark(1);
            if (in.read() != '\ufeff') {
                in.reset();
            }
        }

        void startRow() {
            allowed = read + LONGEST_ROW;
        }

        @Override
        public int read() throws IOException {
            int c = super.read();
            count(c < 0 ? 0 : 1);
            return c;
        }

        @Override
        public int read(char[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            count(Math.max(0, count));
            return count;
        }

        private void count(int characters) throws IOException {
            read += characters;
            if (read > allowed) {
                throw new IOException(
                        "a row has more than " + LONGEST_ROW + " characters; is a quotation mark left open?");
            }
        }
    }
}
