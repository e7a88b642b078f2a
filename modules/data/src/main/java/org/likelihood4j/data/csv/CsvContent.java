package org.likelihood4j.data.csv;

import java.util.List;

/**
 * What was read of a {@link CsvFile}.
 *
 * @param values row after row
 * @param labels as they stand in the file; empty without a column of labels
 * @param places of the rows in the file, from 0
 * @param notes on what was found, for people
 */
@SuppressWarnings("ArrayRecordComponent") // on its way to a set
public record CsvContent(
        List<String> columns, double[] values, List<String> labels, int[] places, List<String> notes) {}
