package org.likelihood4j.data.tables;

import java.math.BigDecimal;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.columns.Column;
import org.likelihood4j.data.columns.ColumnKind;
import org.likelihood4j.io.Printable;

/** Cells that have a type already, as those of Parquet and of Spark's data sets do; texts are read as cells of a text file are. */
public final class TypedCell {
    /** With seconds, and with as many digits behind them as there are. */
    private static final DateTimeFormatter CLOCK = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendLiteral(' ')
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .toFormatter(Locale.ROOT);

    private TypedCell() {}

    /** In the place of a list, a structure or a map, which no table holds. */
    public enum Nested {
        /** There is but one. */
        CELL
    }

    /**
     * What a table stores of a cell.
     *
     * <pre>
     * numbers             as they are; of a column of words the number's text
     * booleans            false as the word that is stored as 0, true as that of 1; of a column of words {@code false}, {@code true}
     * dates, timestamps   of a column of dates; an instant as a clock showed it, in UTC where the column's format has an offset
     * </pre>
     *
     * @param zone of the clock
     * @throws DataException if the column cannot hold it; one line that names the column
     */
    public static double stored(Column column, Object cell, ZoneId zone) {
        double stored = stored(column.kind(), cell, zone);
        if (Double.isNaN(stored)) {
            String was = column.kind() instanceof ColumnKind.Date date
                    ? time(cell, zone(date, zone)).map(LocalDateTime::toString).orElseGet(() -> text(cell))
                    : text(cell);
            throw new DataException("column '" + Printable.line(Printable.shorten(column.name())) + "': expected "
                    + Printable.line(column.kind().expected()) + ", was '" + Printable.line(Printable.shorten(was))
                    + "'");
        }
        return stored;
    }

    /** The same; NaN if the column cannot hold it. */
    static double stored(ColumnKind kind, Object cell, ZoneId zone) {
        if (cell instanceof Number number && !isOfWords(kind) && !(kind instanceof ColumnKind.Date)) {
            double value = number.doubleValue();
            return Math.abs(value) <= CellText.LARGEST && kind.holds(value) ? value : Double.NaN;
        } else if (cell instanceof Boolean truth && kind instanceof ColumnKind.Truth) {
            return truth ? 1 : 0;
        } else if (kind instanceof ColumnKind.Date date) {
            Optional<LocalDateTime> time = time(cell, zone(date, zone));
            if (time.isPresent()) {
                double days = date.days(time.get());
                return kind.holds(days) ? days : Double.NaN;
            }
        } else if (isOfWords(kind)) {
            return texts(cell).stream()
                    .mapToDouble(text -> CellText.stored(kind, text, '.'))
                    .filter(place -> !Double.isNaN(place))
                    .findFirst()
                    .orElse(Double.NaN);
        }
        return CellText.stored(kind, text(cell), '.');
    }

    private static ZoneId zone(ColumnKind.Date date, ZoneId clock) {
        return date.format().orElseThrow().hasOffset() ? ZoneOffset.UTC : clock;
    }

    /** The number in a cell; NaN if it is none. */
    static double number(Object cell) {
        if (cell instanceof Number number) {
            double value = number.doubleValue();
            return Math.abs(value) <= CellText.LARGEST ? value : Double.NaN;
        }
        return cell instanceof String text ? CellText.number(text, '.') : Double.NaN;
    }

    /** How a file would most simply have written it. */
    static String text(Object cell) {
        return texts(cell).get(0);
    }

    /** Whether a cell says that there is nothing, as those of files say it. */
    public static boolean isMissing(Object cell) {
        return cell == null
                || (cell instanceof String text && CellText.isMissing(text))
                || (cell instanceof Double number && number.isNaN())
                || (cell instanceof Float single && single.isNaN());
    }

    private static boolean isOfWords(ColumnKind kind) {
        return kind instanceof ColumnKind.Category || kind instanceof ColumnKind.Truth;
    }

    /** How a file might have written it: 3.0 may have been a 3. */
    public static List<String> texts(Object cell) {
        if (cell instanceof Double || cell instanceof Float) {
            double value = ((Number) cell).doubleValue();
            return value == Math.rint(value) && Math.abs(value) < 1e15
                    ? List.of(Long.toString((long) value), cell.toString())
                    : List.of(cell.toString());
        }
        if (cell instanceof byte[] || cell instanceof Nested) {
            return List.of(cell instanceof Nested ? "(nested)" : "(bytes)");
        }
        if (cell instanceof LocalDateTime time) {
            return List.of(CLOCK.format(time));
        }
        return cell instanceof BigDecimal decimal
                ? Stream.of(decimal.stripTrailingZeros().toPlainString(), decimal.toPlainString())
                        .toList()
                : List.of(cell.toString());
    }

    /**
     * The formats in which nothing of a date is lost, the shortest first; to the millisecond.
     *
     * @return empty if it is none
     */
    static List<String> formats(Object cell) {
        Optional<LocalDateTime> time = time(cell, ZoneOffset.UTC);
        if (time.isEmpty()) {
            return List.of();
        }
        boolean point = cell instanceof Instant || cell instanceof Timestamp;
        List<String> all = point
                ? List.of("uuuu-MM-dd'T'HH:mm:ssXXX", "uuuu-MM-dd'T'HH:mm:ss.SSSXXX")
                : List.of("uuuu-MM-dd", "uuuu-MM-dd HH:mm:ss", "uuuu-MM-dd HH:mm:ss.SSS");
        int most = cell instanceof LocalDate || cell instanceof Date ? 1 : all.size();
        LocalTime ofDay = time.get().toLocalTime();
        boolean midnight = ofDay.equals(LocalTime.MIDNIGHT);
        int least = !ofDay.truncatedTo(ChronoUnit.SECONDS).equals(ofDay) ? all.size() - 1 : point || midnight ? 0 : 1;
        return all.subList(least, most);
    }

    /** What a clock showed, where a cell is a date. */
    static Optional<LocalDateTime> time(Object cell, ZoneId zone) {
        if (cell instanceof LocalDate date) {
            return Optional.of(date.atStartOfDay());
        } else if (cell instanceof Date date) {
            return Optional.of(date.toLocalDate().atStartOfDay());
        } else if (cell instanceof LocalDateTime time) {
            return Optional.of(time);
        } else if (cell instanceof Instant instant) {
            return Optional.of(LocalDateTime.ofInstant(instant, zone));
        } else if (cell instanceof Timestamp timestamp) {
            return Optional.of(LocalDateTime.ofInstant(timestamp.toInstant(), zone));
        }
        return Optional.empty();
    }
}
