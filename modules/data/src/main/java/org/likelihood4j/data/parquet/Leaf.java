package org.likelihood4j.data.parquet;

/**
 * A column of a table in a file.
 *
 * @param place of its chunk in a group of rows; -1 if it is nested, so that there is none for it
 * @param optional whether cells may be missing
 */
record Leaf(String name, int place, CellType type, boolean optional) {
    boolean isNested() {
        return place < 0;
    }
}
