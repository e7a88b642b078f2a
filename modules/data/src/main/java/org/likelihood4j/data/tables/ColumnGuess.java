package org.likelihood4j.data.tables;

import org.likelihood4j.data.columns.ColumnKind;

/**
 * What a column probably holds.
 *
 * @param kind null where it is better not trained on
 * @param isId whether it is what rows are called by
 * @param why for people, such as {@code is empty}
 */
public record ColumnGuess(ColumnKind kind, boolean isId, String why) {
    ColumnGuess(ColumnKind kind, String why) {
        this(kind, false, why);
    }

    static ColumnGuess ignore(String why) {
        return new ColumnGuess(null, false, why);
    }

    static ColumnGuess id(String why) {
        return new ColumnGuess(null, true, why);
    }

    /** What a configuration says to have it. */
    public String setting() {
        return kind != null ? kind.setting() : isId ? "id" : "ignore";
    }
}
