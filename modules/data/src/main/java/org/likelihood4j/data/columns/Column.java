package org.likelihood4j.data.columns;

import java.util.Objects;

/** A column of a table: its name and what it holds. */
public record Column(String name, ColumnKind kind) {
    public Column {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
    }

    /** A column of real numbers. */
    public static Column ofNumbers(String name) {
        return new Column(name, new ColumnKind.Real());
    }
}
