package org.likelihood4j.spark;

import java.io.Serializable;
import java.util.List;

/**
 * Which columns of a data set are what.
 *
 * @param inputs the examples' values: a table's columns in the run's order, or one that holds whole examples; empty for the run's own names, of
 *     images {@value #PIXELS}
 * @param id a row's number, of which its noise is a function; null for none
 * @param label the class, of models that are told it
 */
record ColumnNames(List<String> inputs, String id, String label) implements Serializable {
    static final String PIXELS = "pixels";
    static final String LABEL = "label";
    private static final long serialVersionUID = 1;

    ColumnNames {
        inputs = List.copyOf(inputs);
    }
}
