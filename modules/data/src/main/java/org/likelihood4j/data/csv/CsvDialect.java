package org.likelihood4j.data.csv;

import java.util.Map;
import org.likelihood4j.data.DataException;

/**
 * How a table is written.
 *
 * @param delimiter between cells; {@link #BLANKS} for any run of blanks and tabs
 * @param decimal a point or a comma
 * @param header whether the first row names the columns; else they are x1, x2, ...
 */
public record CsvDialect(char delimiter, char decimal, boolean header) {
    /** Stands for any run of blanks and tabs. */
    public static final char BLANKS = ' ';

    private static final Map<Character, String> NAMES =
            Map.of(',', "commas", ';', "semicolons", '\t', "tabs", '|', "bars", BLANKS, "blanks");

    /** @throws DataException if one character has two meanings */
    public CsvDialect {
        if (decimal == delimiter) {
            throw new DataException("data.decimal and data.delimiter are both '" + decimal + "'; they must differ");
        }
    }

    /** For people, such as {@code semicolons, decimal commas, a header}. */
    @Override
    public String toString() {
        return NAMES.getOrDefault(delimiter, "'" + delimiter + "'") + " between cells, decimal "
                + (decimal == '.' ? "points" : "commas") + ", " + (header ? "a header" : "no header");
    }
}
