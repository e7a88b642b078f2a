package org.likelihood4j.spark;

import java.math.BigDecimal;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.columns.Column;
import org.likelihood4j.data.columns.ColumnKind;
import org.likelihood4j.data.csv.CsvCell;
import org.likelihood4j.io.Printable;

/** Cells that have a type already, as those of Spark's data sets do; texts are read as cells of a text file are. */
final class TypedCell {
    private TypedCell() {}

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
    static double stored(Column column, Object cell, ZoneId zone) {
        ColumnKind kind = column.kind();
        if (cell instanceof Number number && !isOfWords(kind) && !(kind instanceof ColumnKind.Date)) {
            double value = number.doubleValue();
            if (Math.abs(value) <= CsvCell.LARGEST && kind.holds(value)) {
                return value;
            }
        } else if (cell instanceof Boolean truth && kind instanceof ColumnKind.Truth) {
            return truth ? 1 : 0;
        } else if (kind instanceof ColumnKind.Date date) {
            Optional<LocalDateTime> time =
                    time(cell, date.format().orElseThrow().hasOffset() ? ZoneOffset.UTC : zone);
            if (time.isPresent()) {
                double days = date.days(time.get());
                if (kind.holds(days)) {
                    return days;
                }
                throw unfit(column, time.get().toString());
            }
        }
        List<String> texts = texts(cell);
        if (isOfWords(kind)) {
            return texts.stream()
                    .filter(text -> isWord(kind, text))
                    .findFirst()
                    .map(text -> CsvCell.stored(column, text))
                    .orElseThrow(() -> unfit(column, texts.get(0)));
        }
        return CsvCell.stored(column, texts.get(0));
    }

    /** Whether a cell says that there is nothing, as those of files say it. */
    static boolean isMissing(Object cell) {
        return cell == null
                || (cell instanceof String text && CsvCell.isMissing(text))
                || (cell instanceof Double number && number.isNaN())
                || (cell instanceof Float single && single.isNaN());
    }

    private static boolean isOfWords(ColumnKind kind) {
        return kind instanceof ColumnKind.Category || kind instanceof ColumnKind.Truth;
    }

    private static boolean isWord(ColumnKind kind, String text) {
        return kind instanceof ColumnKind.Category category
                ? category.values().contains(text)
                : kind instanceof ColumnKind.Truth truth && (text.equals(truth.no()) || text.equals(truth.yes()));
    }

    /** How a file might have written it: 3.0 may have been a 3. */
    static List<String> texts(Object cell) {
        if (cell instanceof Double || cell instanceof Float) {
            double value = ((Number) cell).doubleValue();
            return value == Math.rint(value) && Math.abs(value) < 1e15
                    ? List.of(Long.toString((long) value), cell.toString())
                    : List.of(cell.toString());
        }
        return cell instanceof BigDecimal decimal
                ? Stream.of(decimal.stripTrailingZeros().toPlainString(), decimal.toPlainString())
                        .toList()
                : List.of(cell.toString());
    }

    private static Optional<LocalDateTime> time(Object cell, ZoneId zone) {
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

    private static DataException unfit(Column column, String was) {
        return new DataException("column '" + Printable.line(Printable.shorten(column.name())) + "': expected "
                + Printable.line(column.kind().expected()) + ", was '" + Printable.line(Printable.shorten(was)) + "'");
    }
}
