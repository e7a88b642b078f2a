package org.likelihood4j.score.program;

import java.util.List;
import org.likelihood4j.score.files.Json;

/** The rows and columns of a value. */
record Shape(Extent rows, Extent columns) {
    static Shape read(Json json) {
        List<Json> both = json.list();
        if (both.size() != 2) {
            throw json.unknown("rows and columns");
        }
        Shape shape = new Shape(Extent.read(both.get(0)), Extent.read(both.get(1)));
        if ((shape.rows().perExample() && shape.columns().perExample())
                || (long) shape.rows().size() * shape.columns().size() > Extent.MOST) {
            throw json.unknown("fewer numbers");
        }
        return shape;
    }

    boolean isPerExample() {
        return rows.perExample() || columns.perExample();
    }

    /** How many numbers, of N examples or for each of them. */
    int size() {
        return rows.size() * columns.size();
    }

    /** Rows as columns. */
    @SuppressWarnings("ArgumentSelectionDefectChecker") // they change places
    Shape turned() {
        return new Shape(columns, rows);
    }

    Extent extent() {
        return new Extent(size(), isPerExample());
    }

    @Override
    public String toString() {
        return rows + " x " + columns;
    }
}
