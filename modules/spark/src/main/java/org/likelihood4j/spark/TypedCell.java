package org.likelihood4j.spark;

import java.math.BigDecimal;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
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
     * dates, timestamps   of a column of dates; timestamps in UTC
     * </pre>
     *
     * @throws DataException if the column cannot hold it; one line that names the column
     */
    static double stored(Column column, Object cell) {
        ColumnKind kind = column.kind();
        if (cell instanceof Number number && !isOfWords(kind) && !(kind instanceof ColumnKind.Date)) {
            double value = number.doubleValue();
            if (Math.abs(value) <= CsvCell.LARGEST && kind.holds(value)) {
                return value;
            }
        } else if (cell instanceof Boolean truth && kind instanceof ColumnKind.Truth) {
            return truth ? 1 : 0;
        } else if (kind instanceof ColumnKind.Date date) {
            Optional<LocalDateTime> time = time(cell);
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

    private static boolean isOfWords(ColumnKind kind) {
        return kind instanceof ColumnKind.Category || kind instanceof ColumnKind.Truth;
    }

    private static boolean isWord(ColumnKind kind, String text) {
        return kind instanceof ColumnKind.Category category
                ? category.values().contains(text)
                : kind instanceof ColumnKind.Truth truth && (text.equals(truth.no()) || text.equals(truth.yes()));
    }

    /** How a file might have written it: 3.0 may have been a 3. */
    private static List<String> texts(Object cell) {
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

    private static Optional<LocalDateTime> time(Object cell) {
        if (cell instanceof LocalDate date) {
            return Optional.of(date.atStartOfDay());
        } else if (cell instanceof Date date) {
            return Optional.of(date.toLocalDate().atStartOfDay());
        } else if (cell instanceof LocalDateTime time) {
            return Optional.of(time);
        } else if (cell instanceof Instant instant) {
            return Optional.of(LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
        } else if (cell instanceof Timestamp timestamp) {
            return Optional.of(LocalDateTime.ofInstant(timestamp.toInstant(), ZoneOffset.UTC));
        }
        return Optional.empty();
    }

    private static DataException unfit(Column column, String was) {
        return new DataException("column '" + Printable.line(Printable.shorten(column.name())) + "': expected "
                + Printable.line(column.kind().expected()) + ", was '" + Printable.line(Printable.shorten(was)) + "'");
    }
}
