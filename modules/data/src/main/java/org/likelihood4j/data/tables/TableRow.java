package org.likelihood4j.data.tables;

import org.likelihood4j.data.columns.ColumnKind;

/** The cells of a row, of the columns that were asked for, in that order. */
public interface TableRow {
    boolean isMissing(int i);

    /** What is stored of a cell; NaN if it is not what the column holds. */
    double stored(ColumnKind kind, int i);

    /** As it stands in a file of text, or would stand there. */
    String text(int i);

    /** Whether it is a number, if one that may not be computed with. */
    boolean isNumber(int i);

    /** Adds a cell that is not missing to the account of its column. */
    void count(int i, ColumnProfile profile);
}
