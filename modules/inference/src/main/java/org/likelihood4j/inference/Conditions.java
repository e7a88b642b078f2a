package org.likelihood4j.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.io.Printable;
import org.likelihood4j.models.FunctionInput;

/**
 * What examples are to be of, one row for each: 1 in the column of its class, or shares of several; or the columns that the model is told, as
 * they are stored. Of a model without a condition rows are empty.
 */
public final class Conditions {
    private final int width;
    private final List<double[]> rows;

    private Conditions(int width, List<double[]> rows) {
        this.width = width;
        this.rows = List.copyOf(rows);
    }

    /**
     * Columns that the model is told, for each row.
     *
     * @param rows their stored numbers, in the order of the model's
     * @throws IllegalArgumentException if a row has another number of them
     */
    public static Conditions given(FunctionInput.Given columns, List<double[]> rows) {
        for (double[] row : rows) {
            if (row.length != columns.size()) {
                throw new IllegalArgumentException(
                        "the model is told " + columns.size() + " columns, not " + row.length);
            }
        }
        return new Conditions(columns.size(), rows);
    }

    /**
     * Checks that no row lacks what a model is told of it.
     *
     * @param parts of one table
     * @param places of the columns that it is told
     * @throws DataException if a row does; names the first one of the file
     */
    public static void requireGiven(List<? extends Examples> parts, List<Integer> places) {
        if (places.isEmpty()) {
            // The rows of a large table are on a disk: none is read for nothing.
            return;
        }
        int first = Integer.MAX_VALUE;
        String name = "";
        for (Examples rows : parts) {
            int count = rows.hasHoles() ? rows.size() : 0;
            for (int i = 0; i < count; i++) {
                double[] row = rows.values(i);
                for (int place : places) {
                    if (Double.isNaN(row[place]) && rows.place(i) < first) {
                        first = rows.place(i);
                        name = ((VectorShape) rows.shape()).names().get(place);
                    }
                }
            }
        }
        if (first < Integer.MAX_VALUE) {
            throw new DataException("column '" + Printable.line(Printable.shorten(name))
                    + "' has missing cells (the first in row " + first
                    + ", from 0), but is what the model is told (model.condition): fill them, drop such rows"
                    + " (data.missing: drop), or let the model have the column");
        }
    }

    /** What so many rows of a table have in these columns; of fewer rows in turn. */
    public static Conditions given(FunctionInput.Given columns, Examples rows, int count) {
        return given(
                columns,
                IntStream.range(0, count)
                        .mapToObj(i -> {
                            double[] whole = rows.values(i % rows.size());
                            return columns.columns().stream()
                                    .mapToDouble(place -> whole[place])
                                    .toArray();
                        })
                        .toList());
    }

    /**
     * A class for each row.
     *
     * @param condition of the model; empty for rows without one
     * @param labels 0 to the number of classes - 1
     * @throws IllegalArgumentException for another label
     */
    public static Conditions of(Optional<FunctionInput.Condition> condition, int... labels) {
        int classes = condition.map(FunctionInput.Condition::classes).orElse(0);
        List<double[]> rows = new ArrayList<>(labels.length);
        for (int label : labels) {
            double[] row = new double[classes];
            if (classes > 0) {
                if (label < 0 || label >= classes) {
                    throw new IllegalArgumentException(
                            "the model knows the classes 0 to " + (classes - 1) + ", not " + label);
                }
                row[label] = 1;
            }
            rows.add(row);
        }
        return new Conditions(classes, rows);
    }

    /** The classes of chosen examples. */
    public static Conditions of(Optional<FunctionInput.Condition> condition, Examples set, int... chosen) {
        return of(condition, IntStream.of(chosen).map(set::label).toArray());
    }

    /** Each class in turn, so that all of them are there about as often. */
    public static Conditions inTurn(Optional<FunctionInput.Condition> condition, int count) {
        int classes = condition.map(FunctionInput.Condition::classes).orElse(1);
        return of(condition, IntStream.range(0, count).map(i -> i % classes).toArray());
    }

    /** So many of each class, class after class. */
    public static Conditions each(Optional<FunctionInput.Condition> condition, int[] classes, int times) {
        return of(
                condition,
                IntStream.of(classes)
                        .flatMap(label -> IntStream.generate(() -> label).limit(times))
                        .toArray());
    }

    /** The first rows. */
    public Conditions first(int count) {
        return new Conditions(width, rows.subList(0, count));
    }

    /** For each share t the mixture {@code (1 - t) a + t b} of two rows of this. */
    public Conditions mixed(int a, int b, double... shares) {
        List<double[]> mixed = new ArrayList<>(shares.length);
        for (double t : shares) {
            double[] row = new double[width];
            for (int i = 0; i < width; i++) {
                row[i] = (1 - t) * rows.get(a)[i] + t * rows.get(b)[i];
            }
            mixed.add(row);
        }
        return new Conditions(width, mixed);
    }

    /** All rows of this, then all of the other. */
    public Conditions and(Conditions other) {
        List<double[]> all = new ArrayList<>(rows);
        all.addAll(other.rows);
        return new Conditions(width, all);
    }

    /** The first row, so many times. */
    public Conditions repeated(int times) {
        return mixed(0, 0, new double[times]);
    }

    /** How many rows. */
    public int size() {
        return rows.size();
    }

    List<double[]> rows(int from, int to) {
        return rows.subList(from, to);
    }
}
