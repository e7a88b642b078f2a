package org.likelihood4j.data.csv;

import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.columns.Column;
import org.likelihood4j.data.columns.ColumnKind;
import org.likelihood4j.io.Printable;

/**
 * A table in a text file: every row as many cells, of which the chosen columns are a model's and one may hold labels. The file is
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
     * What the columns' cells are, from all of the file.
     *
     * @param columns which; those of the choice are what it says, all others are guessed at
     */
    public List<ColumnProfile> profiles(List<String> columns, ColumnChoice choice, ProgressListener progress) {
        CsvHead head = head();
        int[] places = columns.stream().mapToInt(head::place).toArray();
        List<ColumnProfile> profiles = columns.stream()
                .map(name -> new ColumnProfile(
                        name, Optional.ofNullable(choice.kinds().get(name))))
                .toList();
        each(progress, (row, line) -> {
            head.requireFit(row, line, file, dialect);
            for (int i = 0; i < places.length; i++) {
                String cell = head.cell(row, places[i]);
                if (CsvCell.isMissing(cell)) {
                    profiles.get(i).addMissing();
                } else {
                    profiles.get(i).add(cell, CsvCell.number(cell, dialect.decimal()));
                }
            }
        });
        return profiles;
    }

    /**
     * The choice with all that the columns' kinds need to know, for which the file is read where something is not known.
     *
     * @throws DataException if a column does not hold what it is to hold
     */
    public ColumnChoice learned(ColumnChoice choice, ProgressListener progress) {
        columns(choice);
        List<String> unknown = choice.unknown();
        if (unknown.isEmpty()) {
            return choice;
        }
        List<ColumnProfile> profiles = profiles(unknown, choice, progress);
        Map<String, ColumnKind> kinds = new LinkedHashMap<>(choice.kinds());
        for (int i = 0; i < unknown.size(); i++) {
            ColumnProfile profile = profiles.get(i);
            kinds.computeIfPresent(unknown.get(i), (name, kind) -> profile.learned(kind, file.toString()));
        }
        return choice.withKinds(kinds);
    }

    /**
     * Reads the file.
     *
     * @param choice of which all is known
     * @throws DataException if a chosen column is missing, a cell is not what its column holds, or cells are missing and may not; says
     *     where
     */
    public CsvContent read(ColumnChoice choice, MissingCells missing, ProgressListener progress) {
        CsvRowsReader rows = new CsvRowsReader(file, dialect, head(), columns(choice), choice, missing);
        each(progress, rows::add);
        return rows.content();
    }

    /** What stands in the place of missing cells. */
    @FunctionalInterface
    public interface Filling {
        /**
         * Of a row that has some.
         *
         * @param place of the row, from 0
         * @return numbers as they are stored, one for each column; one such row, or several where there are several fillings
         */
        List<double[]> of(int place);
    }

    /** The names of {@link #filled}'s cells. */
    public List<String> filledNames(Optional<String> fillings) {
        return Stream.concat(fillings.stream(), head().names().stream()).toList();
    }

    /**
     * All rows as they stand in the file, but with missing cells of some columns filled.
     *
     * @param columns those that are filled
     * @param fillings how many rows there are in the place of each
     * @param numbered whether each row begins with the number of its filling, from 1
     * @throws DataException if the file cannot be read
     */
    public void filled(
            List<Column> columns,
            Filling filling,
            int fillings,
            boolean numbered,
            CsvWriter.Rows out,
            ProgressListener progress) {
        CsvHead head = head();
        int[] places = columns.stream().map(Column::name).mapToInt(head::place).toArray();
        int[] count = {0};
        each(progress, (row, line) -> {
            head.requireFit(row, line, file, dialect);
            boolean holed = IntStream.of(places).anyMatch(place -> CsvCell.isMissing(head.cell(row, place)));
            List<double[]> rows = holed ? filling.of(count[0]) : List.of();
            for (int i = 0; i < fillings; i++) {
                List<Object> cells = new ArrayList<>();
                if (numbered) {
                    cells.add(i + 1);
                }
                head.names().forEach(name -> cells.add(head.cell(row, head.place(name))));
                for (int j = 0; j < places.length; j++) {
                    if (CsvCell.isMissing(head.cell(row, places[j]))) {
                        int at = head.names().indexOf(columns.get(j).name()) + (numbered ? 1 : 0);
                        cells.set(at, text(columns.get(j).kind(), rows.get(i)[j]));
                    }
                }
                try {
                    out.add(cells);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            count[0]++;
        });
    }

    private String text(ColumnKind kind, double stored) {
        String text = kind.text(stored);
        boolean number = !(kind instanceof ColumnKind.Category
                || kind instanceof ColumnKind.Truth
                || kind instanceof ColumnKind.Date);
        return number ? text.replace('.', dialect.decimal()) : text;
    }

    @FunctionalInterface
    private interface Row {
        void take(List<String> cells, long line);
    }

    private void each(ProgressListener progress, Row sink) {
        reading(file, () -> {
            try (Reader in = TextFile.open(file)) {
                CsvReader reader = new CsvReader(in, dialect.delimiter());
                if (dialect.header()) {
                    reader.next();
                }
                long count = 0;
                for (List<String> row = reader.next(); row != null; row = reader.next()) {
                    sink.take(row, reader.line());
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
