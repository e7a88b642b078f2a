package org.likelihood4j.score;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.likelihood4j.score.files.ExampleException;
import org.likelihood4j.score.files.Json;

/**
 * A column of the rows that a model is of. Whatever it holds, functions take and give a number for it, the <em>stored</em> one: a word's place among the
 * words, a date's days since an origin.
 */
public final class ExportColumn {
    private static final double NANOS_OF_DAY = 86_400e9;

    /** As the framework reads cells: what is larger, or too small for a number, is refused. */
    private static final double LARGEST = 1e30;

    private static final String BEYOND = ", which is beyond 1e30, the largest that is computed with";

    private static final double MOST_DAYS = 1e6;
    private static final int LONGEST_NUMBER = 400;
    private static final int MOST_NAMES = 10;

    /** Possessive, so that no cell takes longer than it is long. */
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?+(?:[0-9]++\\.?+[0-9]*+|\\.[0-9]++)(?:[eE][+-]?+[0-9]++)?+");

    private static final Pattern ZERO = Pattern.compile("[+-]?+[0.]++(?:[eE].*+)?+");

    /** As pandas, R, Weka, SQL and spreadsheets write that there is nothing; in small letters. */
    private static final Set<String> MISSING = Set.of("", "na", "n/a", "#n/a", "nan", "null", "none", "?", "-");

    /** What a column holds, by the words of a configuration. */
    public enum Kind {
        NUMBER,
        /** Numbers above minus the shift. */
        LOG,
        BOUNDED,
        /** Whole numbers. */
        INTEGER,
        /** One of some words. */
        CATEGORY,
        /** One of two words. */
        BOOLEAN,
        DATE
    }

    private final String name;
    private final Kind kind;
    private final double low;
    private final double high;
    private final double[] seen;
    private final List<String> words;
    private final Optional<DateTimeFormatter> format;
    private final long origin;
    private final boolean whole;

    private ExportColumn(Json json) {
        name = json.get("name").text();
        kind = kind(json.get("kind"));
        words = json.has("values") ? json.get("values").texts() : List.of();
        double shift = json.has("shift") ? json.get("shift").number() : 0;
        low = kind == Kind.LOG ? -shift : json.has("low") ? json.get("low").number() : Double.NEGATIVE_INFINITY;
        high = json.has("high") ? json.get("high").number() : Double.POSITIVE_INFINITY;
        seen = json.has("seen") ? json.get("seen").numbers() : new double[0];
        if (!(low < high || (low == high && kind == Kind.INTEGER)) || (seen.length != 0 && seen.length != 2)) {
            throw json.unknown("a column whose low is below its high");
        }
        if ((kind == Kind.CATEGORY && words.isEmpty()) || (kind == Kind.BOOLEAN && words.size() != 2)) {
            throw json.unknown("a column with its words");
        }
        format = kind == Kind.DATE ? Optional.of(format(json.get("format"))) : Optional.empty();
        origin = kind == Kind.DATE ? origin(json.get("origin")) : 0;
        whole = kind == Kind.INTEGER
                || kind == Kind.CATEGORY
                || kind == Kind.BOOLEAN
                || (kind == Kind.DATE && !json.get("time").truth());
    }

    static ExportColumn read(Json json) {
        return new ExportColumn(json);
    }

    private static Kind kind(Json json) {
        for (Kind kind : Kind.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(json.text())) {
                return kind;
            }
        }
        throw json.unknown("a kind of column of format version 3");
    }

    private static DateTimeFormatter format(Json json) {
        try {
            // A year of era would need the era beside it.
            return DateTimeFormatter.ofPattern(json.text().replace('y', 'u'), Locale.ROOT)
                    .withResolverStyle(ResolverStyle.STRICT);
        } catch (IllegalArgumentException e) {
            throw json.unknown("a pattern of dates");
        }
    }

    private static long origin(Json json) {
        try {
            return LocalDate.parse(json.text()).toEpochDay();
        } catch (DateTimeException e) {
            throw json.unknown("a day");
        }
    }

    public String name() {
        return name;
    }

    public Kind kind() {
        return kind;
    }

    /** The words of a category or a truth, by their stored numbers; empty of other columns. */
    public List<String> words() {
        return words;
    }

    /** Whether it can hold this stored number. */
    public boolean holds(double stored) {
        if (!(Math.abs(stored) <= LARGEST) || (whole && stored != Math.rint(stored))) {
            return false;
        }
        return switch (kind) {
            case LOG -> stored > low;
            case CATEGORY, BOOLEAN -> stored >= 0 && stored < words.size();
            case DATE -> Math.abs(stored) <= MOST_DAYS;
            default -> stored >= low && stored <= high;
        };
    }

    /** What is stored where a model draws this number: of whole ones it comes with a fraction. */
    double stored(double drawn) {
        double number = whole ? Math.floor(drawn) + 0.0 : drawn;
        return switch (kind) {
            case NUMBER -> number;
            case LOG -> Math.max(number, low == 0 ? Float.MIN_NORMAL : Math.nextUp((float) low));
            case CATEGORY, BOOLEAN -> Math.min(words.size() - 1.0, Math.max(0, number));
            case BOUNDED -> Math.min(high, Math.max(low, number));
            case INTEGER, DATE -> Math.min(most(), Math.max(least(), number)) + 0.0;
        };
    }

    /** An end that was not said is where the training data ended. */
    private double least() {
        boolean said = kind == Kind.INTEGER && low > -Rows.LARGEST_WHOLE;
        return said || seen.length == 0 ? low : seen[0];
    }

    private double most() {
        boolean said = kind == Kind.INTEGER && high < Rows.LARGEST_WHOLE;
        return said || seen.length == 0 ? high : seen[1];
    }

    /**
     * The stored number of a cell, as text: a number with a point as the decimal sign, a word, a date.
     *
     * @throws ExampleException if it is not what the column holds; one line
     */
    public double read(String cell) {
        // As of a file's cells, blanks around it do not count; but a word may have learned them.
        String text = words.contains(Objects.requireNonNull(cell, "cell")) ? cell : cell.strip();
        double stored = parsed(text);
        if (!holds(stored)) {
            throw refused(
                    expected(),
                    "'" + (text.length() > 60 ? text.substring(0, 60) + "..." : text) + "'"
                            + (isMissing(text) ? ", a missing cell" : isBeyond(text) ? BEYOND : ""));
        }
        return stored;
    }

    private static boolean isBeyond(String cell) {
        return cell.length() <= LONGEST_NUMBER
                && NUMBER.matcher(cell).matches()
                && Math.abs(Double.parseDouble(cell)) > LARGEST;
    }

    /** The same refusal of a number. */
    ExampleException refused(double value) {
        return refused(expectedStored(), value + (Double.isFinite(value) && Math.abs(value) > LARGEST ? BEYOND : ""));
    }

    /** Names as a message has them: the first of them. */
    static String names(List<String> names) {
        String first = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
        return names.size() > MOST_NAMES ? first + " and " + (names.size() - MOST_NAMES) + " more" : first;
    }

    /** Whether a cell says that there is nothing. */
    static boolean isMissing(String cell) {
        return cell == null || (cell.length() < 5 && MISSING.contains(cell.toLowerCase(Locale.ROOT)));
    }

    /** The exception of a value that the column cannot hold. */
    private ExampleException refused(String expected, String was) {
        return new ExampleException("column '" + name + "': expected " + expected + ", was " + was);
    }

    private double parsed(String cell) {
        if (kind == Kind.CATEGORY || kind == Kind.BOOLEAN) {
            int place = words.indexOf(cell);
            return place < 0 ? Double.NaN : place;
        }
        if (kind == Kind.DATE) {
            return days(cell);
        }
        if (cell.length() > LONGEST_NUMBER || !NUMBER.matcher(cell).matches()) {
            return Double.NaN;
        }
        double number = Double.parseDouble(cell);
        boolean vanished = number == 0 && !ZERO.matcher(cell).matches();
        return Math.abs(number) > LARGEST || vanished ? Double.NaN : number;
    }

    private double days(String cell) {
        try {
            TemporalAccessor parsed = format.orElseThrow().parse(cell);
            LocalDate date = parsed.query(TemporalQueries.localDate());
            LocalTime time = parsed.query(TemporalQueries.localTime());
            if (date == null) {
                return Double.NaN;
            }
            LocalDateTime local = date.atTime(time == null ? LocalTime.MIDNIGHT : time);
            ZoneOffset offset = parsed.query(TemporalQueries.offset());
            LocalDateTime utc = offset == null
                    ? local
                    : OffsetDateTime.of(local, offset)
                            .withOffsetSameInstant(ZoneOffset.UTC)
                            .toLocalDateTime();
            return utc.toLocalDate().toEpochDay() + utc.toLocalTime().toNanoOfDay() / NANOS_OF_DAY - origin;
        } catch (DateTimeException e) {
            return Double.NaN;
        }
    }

    /** A stored number as a cell of a file. */
    public String text(double stored) {
        if (!words.isEmpty()) {
            return words.get((int) stored);
        }
        if (kind == Kind.DATE) {
            double days = stored + origin;
            double day = Math.floor(days);
            long millis = Math.round((days - day) * 86_400_000);
            return format.orElseThrow()
                    .format(LocalDate.ofEpochDay((long) day)
                            .atStartOfDay()
                            .plusNanos(millis * 1_000_000)
                            .atOffset(ZoneOffset.UTC));
        }
        return stored == Math.rint(stored) && Math.abs(stored) < 1e15
                ? Long.toString((long) stored)
                : Double.toString(stored);
    }

    private String expected() {
        return switch (kind) {
            case NUMBER -> "a number";
            case LOG -> "a number above " + text(low + 0.0);
            case BOUNDED -> "a number from " + text(low) + " to " + text(high);
            case INTEGER ->
                Math.abs(low) >= Rows.LARGEST_WHOLE && Math.abs(high) >= Rows.LARGEST_WHOLE
                        ? "a whole number of at most 1048576 in size"
                        : "a whole number from " + text(low) + " to " + text(high);
            case CATEGORY ->
                "one of the training data's " + words.size() + " values"
                        + (words.size() > MOST_NAMES ? "" : ", " + names(words));
            case BOOLEAN -> words.get(0) + " or " + words.get(1);
            case DATE -> "a date such as " + text(0);
        };
    }

    /** What {@link #expected} says, of stored numbers. */
    private String expectedStored() {
        return switch (kind) {
            case CATEGORY, BOOLEAN -> "the place of a word, a whole number from 0 to " + (words.size() - 1);
            case DATE -> (whole ? "whole " : "") + "days since " + text(0);
            default -> expected();
        };
    }

    @Override
    public String toString() {
        return name + " (" + kind.name().toLowerCase(Locale.ROOT) + ")";
    }
}
