package org.likelihood4j.data.tables;

import java.util.List;
import java.util.Map;
import org.likelihood4j.data.Table;

/**
 * All rows of a table, in its order.
 *
 * @param table the numbers; its labels are numbers of {@link #classes}, 0 without labels
 * @param labels of each row, as they stand in the file; empty if it has no such column
 * @param ids of each row, as they stand in the file, by the names of their columns
 * @param classes the different labels, in the order of their names
 * @param named whether the columns were found by names that the file has; else by their places
 * @param places of each row among the rows of the file, from 0; rows that were left out leave gaps
 */
public record TableRows(
        Table table,
        List<String> labels,
        Map<String, List<String>> ids,
        List<String> classes,
        boolean named,
        List<Integer> places) {
    public TableRows {
        labels = List.copyOf(labels);
        classes = List.copyOf(classes);
        places = List.copyOf(places);
    }
}
