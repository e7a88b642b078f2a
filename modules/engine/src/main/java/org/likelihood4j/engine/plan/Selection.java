package org.likelihood4j.engine.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * A matrix of zeros and ones whose product with another one selects columns: at most one 1 in each of its columns. A product is
 * then a copy.
 *
 * @param columns for each column of the product the column it copies; -1 for zeros
 */
record Selection(List<Integer> columns) {
    /** Null if the matrix, transposed if so asked, selects nothing; also if there are no values. */
    static Selection of(double[] values, int rows, int columns, boolean transposed) {
        if (values == null) {
            return null;
        }
        List<Integer> selected = new ArrayList<>();
        for (int c = 0; c < (transposed ? rows : columns); c++) {
            int found = -1;
            for (int r = 0; r < (transposed ? columns : rows); r++) {
                double value = transposed ? values[c * columns + r] : values[r * columns + c];
                if (value == 1 && found == -1) {
                    found = r;
                } else if (value != 0) {
                    return null;
                }
            }
            selected.add(found);
        }
        return new Selection(List.copyOf(selected));
    }
}
