package org.likelihood4j.io;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows of cells in columns that are padded with blanks, for people: words to the left of their column, numbers to the right. No
 * line ends in blanks.
 */
public final class TextTable {
    private record Column(String gap, boolean right, int least) {
        void append(StringBuilder line, String cell, int width) {
            String padding = " ".repeat(Math.max(0, width - cell.length()));
            line.append(gap).append(right ? padding + cell : cell + padding);
        }
    }

    private final List<Column> columns = new ArrayList<>();

    /**
     * Adds a column of words.
     *
     * @param gap blanks before it
     * @param least its width at least
     */
    public TextTable left(int gap, int least) {
        columns.add(new Column(" ".repeat(gap), false, least));
        return this;
    }

    /** Adds a column of numbers; the arguments are as for {@link #left}. */
    public TextTable right(int gap, int least) {
        columns.add(new Column(" ".repeat(gap), true, least));
        return this;
    }

    /** One row where others are not known yet: its columns have their least widths, and a longer cell shifts what follows. */
    public String line(String... cells) {
        int[] widths = columns.stream().mapToInt(Column::least).toArray();
        return line(List.of(cells), widths);
    }

    /** All rows, each column as wide as its longest cell. */
    public List<String> lines(List<List<String>> rows) {
        int[] widths = columns.stream().mapToInt(Column::least).toArray();
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private String line(List<String> cells, int[] widths) {
        if (cells.size() != columns.size()) {
            throw new IllegalArgumentException(cells.size() + " cells for " + columns.size() + " columns");
        }
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            columns.get(i).append(line, cells.get(i), widths[i]);
        }
        return line.toString().stripTrailing();
    }
}
