package org.likelihood4j.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.likelihood4j.data.columns.Column;
import org.likelihood4j.data.columns.ColumnKind;
import org.likelihood4j.io.Printable;

/** The shape of a row of a table, by its columns, whose names are all different. */
public record VectorShape(List<Column> columns) implements ExampleShape {
    /** More is a picture, or a slip; and names are kept in every run's configuration. */
    public static final int MOST_COLUMNS = 4096;

    /** @throws DataException if there are no columns or too many, or two have one name */
    public VectorShape {
        columns = List.copyOf(columns);
        if (columns.isEmpty() || columns.size() > MOST_COLUMNS) {
            throw new DataException("a row must have 1 to " + MOST_COLUMNS + " columns, but has " + columns.size());
        }
        Set<String> seen = new HashSet<>();
        for (String column : names(columns)) {
            if (!seen.add(column)) {
                throw new DataException("two columns are called '" + Printable.shorten(column) + "'");
            }
        }
    }

    /** Columns without names of their own: x1, x2, ... */
    public static VectorShape numbered(int size) {
        if (size < 1 || size > MOST_COLUMNS) {
            throw new DataException("a row must have 1 to " + MOST_COLUMNS + " columns, but has " + size);
        }
        return ofNumbers(IntStream.rangeClosed(1, size).mapToObj(i -> "x" + i).toList());
    }

    /** Columns of real numbers. */
    public static VectorShape ofNumbers(List<String> names) {
        return new VectorShape(names.stream().map(Column::ofNumbers).toList());
    }

    private static List<String> names(List<Column> columns) {
        return columns.stream().map(Column::name).toList();
    }

    /** The columns' names. */
    public List<String> names() {
        return names(columns);
    }

    /** Whether all columns hold real numbers, taken as they are. */
    public boolean isOfNumbers() {
        return columns.stream().allMatch(column -> column.kind() instanceof ColumnKind.Real);
    }

    /** What is stored where a model draws these rows, one after the other: of discrete columns their numbers come with fractions. */
    public double[] stored(double... drawn) {
        double[] rows = new double[drawn.length];
        Arrays.setAll(rows, i -> columns.get(i % size()).kind().stored(drawn[i]));
        return rows;
    }

    /** A row as cells of a file: numbers as they are, all else as it was read, missing cells empty. */
    public List<Object> cells(double... stored) {
        List<Object> cells = new ArrayList<>();
        for (int i = 0; i < stored.length; i++) {
            ColumnKind kind = columns.get(i).kind();
            cells.add(
                    Double.isNaN(stored[i])
                            ? ""
                            : kind instanceof ColumnKind.Real ? (Object) stored[i] : kind.text(stored[i]));
        }
        return cells;
    }

    @Override
    public int size() {
        return columns.size();
    }

    @Override
    public String noun() {
        return "rows";
    }

    /** For people. */
    @Override
    public String toString() {
        return columns.size() == 1 ? "1 column" : columns.size() + " columns";
    }
}
