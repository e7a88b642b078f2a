package org.likelihood4j.data;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.likelihood4j.io.Printable;

/** The shape of a row of real numbers, by the names of its columns, which are all different. */
public record VectorShape(List<String> columns) implements ExampleShape {
    /** More is a picture, or a slip; and names are kept in every run's configuration. */
    public static final int MOST_COLUMNS = 4096;

    /** @throws DataException if there are no columns or too many, or two have one name */
    public VectorShape {
        columns = List.copyOf(columns);
        if (columns.isEmpty() || columns.size() > MOST_COLUMNS) {
            throw new DataException("a row must have 1 to " + MOST_COLUMNS + " columns, but has " + columns.size());
        }
        Set<String> seen = new HashSet<>();
        for (String column : columns) {
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
        return new VectorShape(
                IntStream.rangeClosed(1, size).mapToObj(i -> "x" + i).toList());
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
