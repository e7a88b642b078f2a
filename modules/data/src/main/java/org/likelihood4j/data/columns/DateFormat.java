package org.likelihood4j.data.columns;

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
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How a column's dates are written.
 *
 * @param pattern as {@link DateTimeFormatter} has them, with {@code u} or {@code y} for the year; of dates with an offset from UTC, such as {@code
 *     ...XXX}, those in UTC are meant
 */
public record DateFormat(String pattern) {

    /** 2,700 years. */
    static final double MOST_DAYS = 1e6;

    /** Making one takes longer than a cell. A configuration has few. */
    private static final Map<String, DateTimeFormatter> FORMATTERS = new ConcurrentHashMap<>();

    private static final double NANOS_OF_DAY = 86_400e9;

    /** What is tried, in this order: no format is a beginning of another's cells. */
    public static final List<String> COMMON = List.of(
            "uuuu-MM-dd",
            "uuuu/MM/dd",
            "uuuu.MM.dd",
            "uuuuMMdd",
            "dd.MM.uuuu",
            "dd/MM/uuuu",
            "MM/dd/uuuu",
            "uuuu-MM-dd HH:mm",
            "uuuu-MM-dd HH:mm:ss",
            "uuuu-MM-dd HH:mm:ss.SSS",
            "uuuu-MM-dd'T'HH:mm",
            "uuuu-MM-dd'T'HH:mm:ss",
            "uuuu-MM-dd'T'HH:mm:ss.SSS",
            "uuuu-MM-dd'T'HH:mm:ssXXX",
            "uuuu-MM-dd'T'HH:mm:ss.SSSXXX",
            "uuuu/MM/dd HH:mm:ss",
            "dd.MM.uuuu HH:mm",
            "dd.MM.uuuu HH:mm:ss",
            "MM/dd/uuuu HH:mm:ss");

    /** Whether a pattern can be used. */
    public static boolean isPattern(String pattern) {
        try {
            LocalDateTime noon = LocalDateTime.of(2020, 2, 29, 12, 34, 56);
            DateTimeFormatter formatter = formatter(pattern);
            return pattern.length() < 100
                    && date(formatter.parse(formatter.format(noon.atOffset(ZoneOffset.UTC)))) != null;
        } catch (IllegalArgumentException | DateTimeException e) {
            return false;
        }
    }

    private static DateTimeFormatter formatter(String pattern) {
        return FORMATTERS.computeIfAbsent(
                pattern,
                // A year of era would need the era beside it.
                written -> DateTimeFormatter.ofPattern(written.replace('y', 'u'), Locale.ROOT)
                        .withResolverStyle(ResolverStyle.STRICT));
    }

    private static LocalDate date(TemporalAccessor parsed) {
        return parsed.query(TemporalQueries.localDate());
    }

    /** Whether there is a time of day. */
    boolean hasTime() {
        return pattern.chars().anyMatch(c -> c == 'H' || c == 'h' || c == 'k' || c == 'K');
    }

    /** Whether there is an offset from UTC; else times are those of a clock on a wall. */
    public boolean hasOffset() {
        return pattern.chars().anyMatch(c -> "XxZOVz".indexOf(c) >= 0);
    }

    /** The days since 1970 of a cell; empty if it is not written so. */
    public OptionalDouble days(String cell) {
        try {
            TemporalAccessor parsed = formatter(pattern).parse(cell);
            LocalDate date = date(parsed);
            LocalTime time = parsed.query(TemporalQueries.localTime());
            if (date == null) {
                return OptionalDouble.empty();
            }
            LocalDateTime local = date.atTime(time == null ? LocalTime.MIDNIGHT : time);
            ZoneOffset offset = parsed.query(TemporalQueries.offset());
            LocalDateTime utc = offset == null
                    ? local
                    : OffsetDateTime.of(local, offset)
                            .withOffsetSameInstant(ZoneOffset.UTC)
                            .toLocalDateTime();
            return OptionalDouble.of(days(utc));
        } catch (DateTimeException e) {
            return OptionalDouble.empty();
        }
    }

    /** The days since 1970. */
    public static double days(LocalDateTime utc) {
        return utc.toLocalDate().toEpochDay() + utc.toLocalTime().toNanoOfDay() / NANOS_OF_DAY;
    }

    /** The date so many days after 1970 began, to the millisecond. */
    String text(double days) {
        double whole = Math.floor(days);
        long millis = Math.round((days - whole) * 86_400_000);
        LocalDateTime utc = LocalDate.ofEpochDay((long) whole).atStartOfDay().plusNanos(millis * 1_000_000);
        return formatter(pattern).format(utc.atOffset(ZoneOffset.UTC));
    }
}
