package org.likelihood4j.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.likelihood4j.data.Examples;
import org.likelihood4j.models.FunctionInput;

/**
 * What examples are to be of, one row for each: 1 in the column of its class, or shares of several. Of a model without a condition
 * rows are empty.
 */
public final class Conditions {
    private final int classes;
    private final List<double[]> rows;

    private Conditions(int classes, List<double[]> rows) {
        this.classes = classes;
        this.rows = List.copyOf(rows);
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
        return new Conditions(classes, rows.subList(0, count));
    }

    /** For each share t the mixture {@code (1 - t) a + t b} of two rows of this. */
    public Conditions mixed(int a, int b, double... shares) {
        List<double[]> mixed = new ArrayList<>(shares.length);
        for (double t : shares) {
            double[] row = new double[classes];
            for (int i = 0; i < classes; i++) {
                row[i] = (1 - t) * rows.get(a)[i] + t * rows.get(b)[i];
            }
            mixed.add(row);
        }
        return new Conditions(classes, mixed);
    }

    /** All rows of this, then all of the other. */
    public Conditions and(Conditions other) {
        List<double[]> all = new ArrayList<>(rows);
        all.addAll(other.rows);
        return new Conditions(classes, all);
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
