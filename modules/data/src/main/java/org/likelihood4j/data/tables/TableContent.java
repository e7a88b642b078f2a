package org.likelihood4j.data.tables;

import java.util.List;
import java.util.Map;
import org.likelihood4j.data.columns.Column;

/**
 * What was read of a {@link TableFile}.
 *
 * @param values row after row
 * @param labels as they stand in the file; empty without a column of labels
 * @param ids as they stand in the file, by the names of their columns
 * @param places of the rows in the file, from 0
 * @param notes on what was found, for people
 */
@SuppressWarnings("ArrayRecordComponent") // on its way to a set
public record TableContent(
        List<Column> columns,
        double[] values,
        List<String> labels,
        Map<String, List<String>> ids,
        int[] places,
        List<String> notes) {
    /** The columns' names. */
    public List<String> names() {
        return columns.stream().map(Column::name).toList();
    }
}
