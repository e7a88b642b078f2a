package org.likelihood4j.engine.planning;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which column of a matrix each column of another one copies.
 *
 * @param columns for each column of the copy the column it copies; -1 for zeros
 */
record Selection(List<Integer> columns) {
    /** Column i copies column {@code from[i]}. */
    static Selection gathered(double[] from) {
        return new Selection(
                Arrays.stream(from).mapToObj(column -> (int) column).toList());
    }

    /** Column {@code to[j]} copies column j; null if two would have to share a column. */
    static Selection scattered(double[] to, int columns) {
        int[] from = new int[columns];
        Arrays.fill(from, -1);
        for (int j = 0; j < to.length; j++) {
            int column = (int) to[j];
            if (from[column] != -1) {
                return null;
            }
            from[column] = j;
        }
        return new Selection(Arrays.stream(from).boxed().collect(Collectors.toUnmodifiableList()));
    }
}
