package org.likelihood4j.data.tables;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.HeapNeed;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.data.columns.Column;
import org.likelihood4j.data.columns.ColumnKind;

/** A table in a file or in several: every row as many cells, of which the chosen columns are a model's and one may hold labels. */
public interface TableFile {
    /** How it is written, from its beginning. */
    TableForm form();

    /** The columns' names, from its beginning. */
    List<String> names();

    /** A cell that is filled, as the file would have it. */
    default String text(ColumnKind kind, double stored) {
        return kind.text(stored);
    }

    /** Takes rows. */
    @FunctionalInterface
    interface Sink {
        /**
         * Takes a row, which is the same object each time.
         *
         * @param line where it stands, for messages
         */
        void take(TableRow row, long line);
    }

    /**
     * Reads rows.
     *
     * @param columns which, of those that there are
     * @param wanted which rows
     * @throws DataException if it cannot be read; one line
     */
    void each(List<String> columns, WantedRows wanted, ProgressListener progress, Sink sink);

    /** Reads all rows. */
    default void each(List<String> columns, ProgressListener progress, Sink sink) {
        each(columns, WantedRows.all(), progress, sink);
    }

    /** The chosen columns' names. */
    default List<String> columns(ColumnChoice choice) {
        List<String> columns = choice.among(names(), form().file().toString());
        if (columns.size() > VectorShape.MOST_COLUMNS) {
            throw new DataException(form().file() + ": has " + columns.size() + " columns; at most "
                    + VectorShape.MOST_COLUMNS + " can be trained on: choose some with data.columns"
                    + form().doubt()
                            .map(how -> " (or is data.delimiter another one?)")
                            .orElse(""));
        }
        return columns;
    }

    /**
     * What the columns' cells are, from all of the file.
     *
     * @param columns which; those of the choice are what it says, all others are guessed at
     */
    default List<ColumnProfile> profiles(List<String> columns, ColumnChoice choice, ProgressListener progress) {
        List<ColumnProfile> profiles = columns.stream()
                .map(name -> new ColumnProfile(
                        name, Optional.ofNullable(choice.kinds().get(name))))
                .toList();
        each(columns, progress, (row, line) -> {
            for (int i = 0; i < profiles.size(); i++) {
                if (row.isMissing(i)) {
                    profiles.get(i).addMissing();
                } else {
                    row.count(i, profiles.get(i));
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
    default ColumnChoice learned(ColumnChoice choice, ProgressListener progress) {
        columns(choice);
        List<String> unknown = choice.unknown();
        if (unknown.isEmpty()) {
            return choice;
        }
        List<ColumnProfile> profiles = profiles(unknown, choice, progress);
        Map<String, ColumnKind> kinds = new LinkedHashMap<>(choice.kinds());
        for (int i = 0; i < unknown.size(); i++) {
            ColumnProfile profile = profiles.get(i);
            kinds.computeIfPresent(
                    unknown.get(i),
                    (name, kind) -> profile.learned(kind, form().file().toString()));
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
    default TableContent read(ColumnChoice choice, MissingCells missing, ProgressListener progress) {
        TableForm form = form();
        List<String> columns = columns(choice);
        CollectedRows collected = CollectedRows.of(form.file(), choice);
        RowsReader rows = new RowsReader(form, columns, choice, missing, collected);
        each(rows.wanted(), progress, rows::add);
        return collected.content(columns, 0, rows.checked(true));
    }

    /**
     * Reads the file, of which nothing is held.
     *
     * @param sink has the rows that are not left out; some of a file that is refused at its end
     * @return notes on what was found, for people
     * @throws DataException as {@link #read}
     */
    default List<String> each(
            ColumnChoice choice, MissingCells missing, ProgressListener progress, RowsReader.Sink sink) {
        RowsReader rows = new RowsReader(form(), columns(choice), choice, missing, sink);
        each(rows.wanted(), progress, rows::add);
        return rows.checked(true);
    }

    /** How many rows there are. */
    default long rows(ProgressListener progress) {
        long[] rows = {0};
        each(List.of(), progress, (row, line) -> rows[0]++);
        return rows[0];
    }

    /**
     * Reads some rows, of a file of which all are trained on.
     *
     * @param choice of which all is known
     * @param places of the rows in the file, from 0, ascending; those of what is read count the rows that were
     * @throws DataException as {@link #read}, or if the file has not got them, or one of them would have to be left out
     */
    default TableContent readRows(ColumnChoice choice, MissingCells missing, int[] places, ProgressListener progress) {
        TableForm form = form();
        List<String> columns = columns(choice);
        HeapNeed.checkPart(form.file().toString(), places.length, new VectorShape(choice.described(columns)));
        CollectedRows collected = CollectedRows.of(form.file(), choice, places.length, columns.size());
        RowsReader rows = new RowsReader(form, columns, choice, missing, collected);
        each(rows.wanted(), WantedRows.of(places), progress, rows::add);
        if (rows.seen() < places.length) {
            throw new DataException(form.file() + ": has " + rows.seen() + " rows where " + places.length
                    + " were; is it another file?");
        }
        TableContent content = collected.content(columns, 0, rows.checked(true));
        if (content.places().length < places.length) {
            throw new DataException(form.file() + ": has rows with missing cells that had none; is it another file?");
        }
        return content;
    }

    /** What stands in the place of missing cells. */
    @FunctionalInterface
    interface Filling {
        /**
         * Of a row that has some.
         *
         * @param place of the row, from 0
         * @return numbers as they are stored, one for each column; one such row, or several where there are several fillings
         */
        List<double[]> of(int place);
    }

    /** Takes rows of cells. */
    @FunctionalInterface
    interface Filled {
        void add(List<Object> cells) throws IOException;
    }

    /** The names of {@link #filled}'s cells. */
    default List<String> filledNames(Optional<String> fillings) {
        return Stream.concat(fillings.stream(), names().stream()).toList();
    }

    /**
     * All rows as they stand in the file, but with missing cells of some columns filled.
     *
     * @param columns those that are filled
     * @param fillings how many rows there are in the place of each
     * @param numbered whether each row begins with the number of its filling, from 1
     * @throws DataException if the file cannot be read
     */
    default void filled(
            List<Column> columns,
            Filling filling,
            int fillings,
            boolean numbered,
            Filled out,
            ProgressListener progress) {
        List<String> names = names();
        int[] places = columns.stream()
                .mapToInt(column -> names.indexOf(column.name()))
                .toArray();
        int[] count = {0};
        each(names, progress, (row, line) -> {
            boolean holed = IntStream.of(places).anyMatch(row::isMissing);
            List<double[]> rows = holed ? filling.of(count[0]) : List.of();
            for (int i = 0; i < fillings; i++) {
                List<Object> cells = new ArrayList<>();
                if (numbered) {
                    cells.add(i + 1);
                }
                IntStream.range(0, names.size()).forEach(at -> cells.add(row.text(at)));
                for (int j = 0; j < places.length; j++) {
                    if (row.isMissing(places[j])) {
                        cells.set(
                                places[j] + (numbered ? 1 : 0),
                                text(columns.get(j).kind(), rows.get(i)[j]));
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
}
