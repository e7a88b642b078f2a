package org.likelihood4j.data.tables;

/** What is done about cells of a table that hold no value. */
public enum MissingCells {
    /** The table is refused, with counts. */
    REFUSE,
    /** Rows with such a cell among the chosen columns are left out, and counted. */
    DROP,
    /** They are kept as holes, which are stored as NaN, and counted: only some models can leave them out. */
    MASK
}
