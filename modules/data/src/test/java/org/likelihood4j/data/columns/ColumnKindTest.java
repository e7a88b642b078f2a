package org.likelihood4j.data.columns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.tables.CellText;

/** What is stored of what is drawn and typed. */
class ColumnKindTest {
    /** A model's exponential can be rounded to 0. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -2.5, 1e5, -1e5})
    void whatIsDrawnOfALogColumnStaysAboveItsEndAndCanBeReadAgain(double shift) {
        ColumnKind.Log log = new ColumnKind.Log(shift);
        for (double drawn : new double[] {-shift, (float) -shift - 1e-3}) {
            double stored = log.stored(drawn);
            assertThat(log.holds(stored)).isTrue();
            assertThat((double) (float) stored + shift).isPositive();
            assertThat(CellText.stored(new Column("x", log), Double.toString(stored)))
                    .isEqualTo(stored);
        }
        assertThat(log.stored(7 - shift)).isEqualTo(7 - shift);
    }

    @Test
    void whatAColumnCannotHoldIsToldWithoutAGuessAtItsSize() {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> CellText.stored(new Column("paid", new ColumnKind.Log(0)), "0"))
                .withMessage("column 'paid': expected a number above 0, as a column of type log holds, was '0'");
        Column words = new Column("place", new ColumnKind.Category(List.of("North, East", "West")));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> CellText.stored(words, "North"))
                .withMessage(
                        "column 'place': expected one of the training data's 2 values, 'North, East', West, was 'North'");
    }
}
