package org.likelihood4j.data.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.columns.Column;
import org.likelihood4j.data.columns.ColumnKind;
import org.likelihood4j.data.columns.DateFormat;

/** Cells with types are stored as the texts that a file would have of them. */
class TypedCellTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static double stored(ColumnKind kind, Object cell) {
        return TypedCell.stored(new Column("x", kind), cell, BERLIN);
    }

    private static ColumnKind date(String pattern) {
        return new ColumnKind.Date(
                Optional.of(new DateFormat(pattern)), Optional.of(LocalDate.of(2024, 1, 1)), Optional.empty());
    }

    @Test
    void numbersAreTakenAsTheyAre() {
        assertThat(stored(new ColumnKind.Real(), 0.1f)).isEqualTo((double) 0.1f);
        assertThat(stored(new ColumnKind.Real(), new BigDecimal("0.1"))).isEqualTo(0.1);
        assertThat(stored(new ColumnKind.Real(), (byte) -3)).isEqualTo(-3);
        assertThat(stored(new ColumnKind.Real(), " 2.5".strip())).isEqualTo(2.5);
        assertThat(stored(new ColumnKind.Whole(), 7L)).isEqualTo(7);
    }

    @Test
    void whatAColumnCannotHoldIsToldInALine() {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> stored(new ColumnKind.Whole(), 7.5))
                .withMessage("column 'x': expected a whole number of at most 1,048,576 in size, was '7.5'");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> stored(new ColumnKind.Real(), 1e31))
                .withMessageContaining("was '1.0E31'");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> stored(new ColumnKind.Category(List.of("a", "b")), "c"))
                .withMessage("column 'x': expected one of the training data's 2 values, a, b, was 'c'");
    }

    @Test
    void numbersCanBeWords() {
        ColumnKind words = new ColumnKind.Category(List.of("10", "3", "2.50", "true"));
        assertThat(stored(words, 3)).isEqualTo(1);
        assertThat(stored(words, 3.0)).isEqualTo(1);
        assertThat(stored(words, new BigDecimal("2.50"))).isEqualTo(2);
        assertThat(stored(words, true)).isEqualTo(3);
    }

    @Test
    void booleansAreTheWordsOfTheFile() {
        ColumnKind truth = new ColumnKind.Truth("no", "yes");
        assertThat(stored(truth, false)).isZero();
        assertThat(stored(truth, true)).isEqualTo(1);
        assertThat(stored(truth, "yes")).isEqualTo(1);
        assertThat(stored(new ColumnKind.Truth("0", "1"), 1)).isEqualTo(1);
    }

    @Test
    void instantsAreWhatAClockShowed() {
        Instant instant = LocalDateTime.of(2024, 1, 2, 11, 0).toInstant(ZoneOffset.UTC);
        ColumnKind wall = date("uuuu-MM-dd HH:mm");
        assertThat(stored(wall, instant)).isEqualTo(1.5).isEqualTo(stored(wall, "2024-01-02 12:00"));
        assertThat(stored(wall, Timestamp.from(instant))).isEqualTo(1.5);
        assertThat(stored(wall, LocalDateTime.of(2024, 1, 2, 6, 0))).isEqualTo(1.25);
        ColumnKind offset = date("uuuu-MM-dd'T'HH:mm:ssXXX");
        assertThat(stored(offset, instant))
                .isEqualTo(stored(offset, "2024-01-02T12:00:00+01:00"))
                .isCloseTo(1 + 11 / 24.0, within(1e-9));
        ColumnKind days = date("uuuu-MM-dd");
        assertThat(stored(days, LocalDate.of(2024, 1, 11))).isEqualTo(10);
        assertThat(stored(days, java.sql.Date.valueOf("2024-01-11"))).isEqualTo(10);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> stored(days, instant))
                .withMessageContaining("was '2024-01-02T12:00'");
    }

    @Test
    void whatSaysThatThereIsNothing() {
        for (Object cell : new Object[] {null, "", "NA", Double.NaN, Float.NaN}) {
            assertThat(TypedCell.isMissing(cell)).as("%s", cell).isTrue();
        }
        for (Object cell : new Object[] {0, "0", "word", Double.POSITIVE_INFINITY}) {
            assertThat(TypedCell.isMissing(cell)).as("%s", cell).isFalse();
        }
    }
}
