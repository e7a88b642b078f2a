package org.likelihood4j.data.tables;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.columns.Column;
import org.likelihood4j.data.columns.ColumnKind;
import org.likelihood4j.io.Printable;

/** What a cell of a table can hold. */
public final class CellText {
    /** What is read in float32 with room for sums of squares. */
    public static final double LARGEST = 1e30;

    private static final int LONGEST_NUMBER = 400;

    /** No hexadecimal, no NaN, no grouping: what Java reads beside these is hardly meant. */
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?+(?:[0-9]++\\.?+[0-9]*+|\\.[0-9]++)(?:[eE][+-]?+[0-9]++)?+");

    private static final Pattern ZERO = Pattern.compile("[+-]?+[0.]++(?:[eE].*+)?+");
    private static final Pattern DATE =
            Pattern.compile("[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}(?:[T ].*+)?+|[0-9]{1,2}:[0-9]{2}(?::[0-9.]+)?+");
    private static final Pattern GROUPED = Pattern.compile("[+-]?[0-9]{1,3}(?:[,.' ][0-9]{3})+(?:[.,][0-9]*)?");

    /** As pandas, R, Weka, SQL and spreadsheets write that there is nothing; in small letters. */
    private static final Set<String> MISSING = Set.of("", "na", "n/a", "#n/a", "nan", "null", "none", "?", "-");

    private CellText() {}

    /** What is stored of a cell; NaN if it is not what the column holds. */
    public static double stored(ColumnKind kind, String cell, char decimal) {
        if (kind instanceof ColumnKind.Category category) {
            int place = isMissing(cell) ? -1 : category.values().indexOf(cell);
            return place < 0 ? Double.NaN : place;
        } else if (kind instanceof ColumnKind.Truth truth) {
            return cell.equals(truth.no()) ? 0 : cell.equals(truth.yes()) ? 1 : Double.NaN;
        } else if (kind instanceof ColumnKind.Date date) {
            return date.days(cell);
        }
        double number = number(cell, decimal);
        return kind.holds(number) ? number : Double.NaN;
    }

    /**
     * What is stored of a cell that a person has typed, with '.' as the decimal sign.
     *
     * @throws DataException if it is not what the column holds
     */
    public static double stored(Column column, String cell) {
        double stored = stored(column.kind(), cell, '.');
        if (Double.isNaN(stored)) {
            throw new DataException("column '" + Printable.line(Printable.shorten(column.name())) + "': expected "
                    + Printable.line(column.kind().expected()) + ", was '" + Printable.line(Printable.shorten(cell))
                    + "'");
        }
        return stored;
    }

    /** Whether a cell says that there is nothing. */
    public static boolean isMissing(String cell) {
        return cell.length() < 5 && MISSING.contains(cell.toLowerCase(Locale.ROOT));
    }

    public static boolean isNumber(String cell, char decimal) {
        return cell.length() <= LONGEST_NUMBER
                && (decimal == '.' || cell.indexOf('.') < 0)
                && NUMBER.matcher(plain(cell, decimal)).matches();
    }

    /** The number in a cell; NaN if it is none, or none that is computed with: {@link #problem} tells why. */
    public static double number(String cell, char decimal) {
        if (!isNumber(cell, decimal)) {
            return Double.NaN;
        }
        String plain = plain(cell, decimal);
        double value = Double.parseDouble(plain);
        boolean vanished = value == 0 && !ZERO.matcher(plain).matches();
        return Math.abs(value) > LARGEST || vanished ? Double.NaN : value;
    }

    private static String plain(String cell, char decimal) {
        return decimal == '.' ? cell : cell.replace(decimal, '.');
    }

    public static boolean isDate(String cell) {
        return cell.length() < 40 && DATE.matcher(cell).matches();
    }

    /** What is to be done about a cell that is no number; empty where nothing is known. */
    public static String problem(String cell, char decimal) {
        if (isNumber(cell, decimal)) {
            if (Double.isFinite(number(cell, decimal))) {
                // One that the column does not hold.
                return "";
            }
            return Double.parseDouble(plain(cell, decimal)) == 0
                    ? ", which is not 0, but too small for a number of 64 bits; write 0, or change the column's unit"
                    : ", which is beyond 1e30, the largest that is computed with; change the column's unit";
        } else if (cell.toLowerCase(Locale.ROOT).matches("[+-]?inf(inity)?")) {
            return ", which is not finite";
        } else if (GROUPED.matcher(cell).matches()) {
            return "; write numbers without separators of thousands";
        } else if (isNumber(cell, decimal == '.' ? ',' : '.')) {
            return "; is the decimal sign another one (data.decimal)?";
        } else if (cell.indexOf('\u2212') >= 0) {
            return "; its minus is U+2212, not '-'";
        } else if (cell.matches("[$\u20ac\u00a3]?\\s*[+-]?[0-9.,]+\\s*[%$\u20ac\u00a3]?")) {
            return "; write numbers without their unit";
        }
        return "";
    }
}
