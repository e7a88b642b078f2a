package org.likelihood4j.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Series over one axis as they grow: rows of x and a value for each column, NaN where a row has none. Memory is bounded, whatever
 * a file says: a table that is full is thinned to half, and further columns are not taken.
 */
final class SeriesTable {
    static final int MOST_ROWS = 1 << 16;
    static final int MOST_COLUMNS = 64;

    private final Map<String, double[]> columns = new LinkedHashMap<>();
    private double[] x = new double[16];
    private int rows;

    /**
     * What a page is given of it.
     *
     * @param x ascending
     * @param columns by name, each as long as {@code x}; a value that is not finite is a gap
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Rows(double[] x, Map<String, double[]> columns) {}

    /** Appends a row. One at or before rows that are there replaces them, as a step that is taken again does. */
    void add(double at, Map<String, Double> values) {
        if (!Double.isFinite(at)) {
            return;
        }
        while (rows > 0 && x[rows - 1] >= at) {
            rows--;
        }
        if (rows == MOST_ROWS) {
            thin();
        }
        if (rows == x.length) {
            x = Arrays.copyOf(x, 2 * rows);
            columns.replaceAll((name, column) -> Arrays.copyOf(column, x.length));
        }
        x[rows] = at;
        columns.values().forEach(column -> column[rows] = Double.NaN);
        values.forEach((name, value) -> {
            double[] column = columns.get(name);
            if (column == null && columns.size() < MOST_COLUMNS) {
                column = new double[x.length];
                Arrays.fill(column, Double.NaN);
                columns.put(name, column);
            }
            if (column != null) {
                column[rows] = value;
            }
        });
        rows++;
    }

    private void thin() {
        Rows kept = rows(MOST_ROWS / 2);
        rows = kept.x().length;
        System.arraycopy(kept.x(), 0, x, 0, rows);
        kept.columns().forEach((name, values) -> System.arraycopy(values, 0, columns.get(name), 0, rows));
    }

    boolean isEmpty() {
        return rows == 0;
    }

    /** A copy of at most so many rows; see {@link Thinning}. */
    Rows rows(int most) {
        List<double[]> all = new ArrayList<>(columns.values());
        int[] kept = Thinning.rows(rows, most, all);
        Map<String, double[]> values = new LinkedHashMap<>();
        columns.forEach((name, column) -> values.put(name, pick(column, kept)));
        return new Rows(pick(x, kept), values);
    }

    private static double[] pick(double[] column, int[] rows) {
        return Arrays.stream(rows).mapToDouble(i -> column[i]).toArray();
    }
}
