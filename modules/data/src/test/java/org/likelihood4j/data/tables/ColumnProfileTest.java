package org.likelihood4j.data.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.likelihood4j.data.columns.ColumnKind;
import org.likelihood4j.data.columns.DateFormat;

class ColumnProfileTest {
    private static ColumnProfile profile(ColumnKind wanted, List<String> cells) {
        ColumnProfile profile = new ColumnProfile("c", Optional.ofNullable(wanted));
        for (String cell : cells) {
            if (cell.isEmpty()) {
                profile.addMissing();
            } else {
                profile.add(cell, cell.matches("-?[0-9.]+") ? Double.parseDouble(cell) : Double.NaN);
            }
        }
        return profile;
    }

    private static List<String> repeated(String cells, int times) {
        List<String> once = List.of(cells.split(" ", -1));
        return IntStream.range(0, times * once.size())
                .mapToObj(i -> once.get(i % once.size()))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "red green blue, 10, category",
        "red green blue, 2, ignore",
        "Yes No, 10, boolean",
        "0 1, 10, boolean",
        "1 2, 10, integer",
        "18 90 35 18, 10, integer",
        "1 2.5 2.75, 10, number",
        "1.5 1.5, 10, ignore",
        "2024-01-31 2024-02-01, 10, date",
        "2024-01-31T10:00:00Z 2024-02-01T00:00:00Z, 10, date",
        "20240131 20240201, 10, number"
    })
    void guesses(String cells, int times, String word) {
        assertThat(profile(null, repeated(cells, times)).guess().setting()).isEqualTo(word);
    }

    /** What is drawn stays within what was seen, or within the bounds that were said, at each end. */
    @ParameterizedTest
    @CsvSource({
        "-1048576, 1048576, 2, 9",
        "0, 1048576, 0, 9",
        "-1048576, 20, 2, 20",
        "0, 20, 0, 20",
    })
    void wholeNumbersAreDrawnWithinWhatWasSeen(double low, double high, double least, double most) {
        ColumnKind.Whole whole = (ColumnKind.Whole) profile(null, List.of("2", "", "9", "5"))
                .learned(new ColumnKind.Whole(low, high, Optional.empty()), "c.csv");
        assertThat(whole.isKnown()).isTrue();
        assertThat(whole.stored(-3.2)).isEqualTo(least);
        assertThat(whole.stored(5.9)).isEqualTo(5);
        assertThat(whole.stored(1e9)).isEqualTo(most);
        assertThat(whole.holds(low)).isTrue();
        assertThat(whole.holds(low - 1)).isFalse();
        assertThat(whole.isBeyondSeen(10)).isEqualTo(!whole.isBounded());
    }

    @Test
    void guessesByAllOfTheCells() {
        Random random = new Random(1);
        List<String> heavy = IntStream.range(0, 500)
                .mapToObj(i -> String.valueOf(Math.exp(2 * random.nextGaussian())))
                .toList();
        assertThat(profile(null, heavy).guess().setting()).isEqualTo("log");
        List<String> normal = IntStream.range(0, 500)
                .mapToObj(i -> String.valueOf(5 + random.nextGaussian()))
                .toList();
        assertThat(profile(null, normal).guess().setting()).isEqualTo("number");
        List<String> counting = IntStream.range(0, 50).mapToObj(String::valueOf).toList();
        assertThat(profile(null, counting).guess().setting()).isEqualTo("id");
        List<String> names =
                IntStream.range(0, 2000).mapToObj(i -> "T" + (10_000 + i)).toList();
        assertThat(profile(null, names).guess().setting()).isEqualTo("id");
        List<String> gaps = IntStream.range(0, 100)
                .mapToObj(i -> i % 4 == 0 ? "" : "a b".split(" ", -1)[i % 2])
                .toList();
        assertThat(profile(null, gaps).guess().setting()).isEqualTo("category");
        assertThat(profile(null, gaps).missing()).isEqualTo("25 of 100 missing");
        assertThat(profile(null, List.of("", "")).guess().why()).isEqualTo("is empty");
    }

    @Test
    void learnsCategoriesTheMostFrequentFirst() {
        ColumnKind learned = profile(new ColumnKind.Category(), List.of("b", "c", "a", "c", "", "a"))
                .learned(new ColumnKind.Category(), "f");
        assertThat(learned).isEqualTo(new ColumnKind.Category(List.of("a", "c", "b")));
        assertThat(learned.stored(2.7)).isEqualTo(2);
        assertThat(learned.stored(-0.4)).isZero();
        assertThat(learned.stored(9)).isEqualTo(2);
        assertThat(learned.text(1)).isEqualTo("c");
        List<String> many = IntStream.range(0, 1001).mapToObj(i -> "w" + i).toList();
        assertThatThrownBy(() -> profile(new ColumnKind.Category(), many).learned(new ColumnKind.Category(), "f"))
                .hasMessageContaining("more than 1000 different values, such as 'w0', 'w1', 'w2'");
    }

    @Test
    void learnsBooleans() {
        ColumnKind.Truth unknown = new ColumnKind.Truth();
        assertThat(profile(unknown, List.of("Y", "n")).learned(unknown, "f")).isEqualTo(new ColumnKind.Truth("n", "Y"));
        assertThat(profile(unknown, List.of("on", "off")).learned(unknown, "f"))
                .isEqualTo(new ColumnKind.Truth("off", "on"));
        assertThatThrownBy(() -> profile(unknown, List.of("a", "b", "c")).learned(unknown, "f"))
                .hasMessage(
                        "f: column 'c' is to be boolean, but has 3 different values, such as 'a', 'b', 'c'; is it a category?");
    }

    @Test
    void learnsDatesAndBringsThemBack() {
        ColumnKind.Date unknown = new ColumnKind.Date();
        List<String> cells = List.of("2024-02-29 12:00:00", "2023-12-31 18:00:00", "2024-01-01 00:00:01");
        ColumnKind.Date learned = (ColumnKind.Date) profile(unknown, cells).learned(unknown, "f");
        assertThat(learned.origin()).contains(LocalDate.of(2023, 12, 31));
        assertThat(learned.isDiscrete()).isFalse();
        assertThat(learned.days(cells.get(1))).isEqualTo(0.75);
        for (String cell : cells) {
            assertThat(learned.text(learned.days(cell))).isEqualTo(cell);
            assertThat(learned.text((float) learned.days(cell))).startsWith(cell.substring(0, 16));
        }
        assertThat(learned.days("2024-02-30 12:00:00")).isNaN();
        // What is drawn is not before the first date of the file, nor after the last.
        assertThat(learned.text(learned.stored(0.5))).isEqualTo("2023-12-31 18:00:00");
        assertThat(learned.text(learned.stored(1e9))).isEqualTo("2024-02-29 12:00:00");
        assertThat(learned.stored(1.25)).isEqualTo(1.25);
        assertThat(learned.isBeyondSeen(learned.days("2024-02-29 12:00:01"))).isTrue();
        assertThat(learned.isBeyondSeen(learned.days("2024-02-29 12:00:00"))).isFalse();
    }

    @Test
    void datesThatCanBeReadInTwoWaysAreAskedFor() {
        ColumnKind.Date unknown = new ColumnKind.Date();
        assertThatThrownBy(() ->
                        profile(unknown, List.of("01/02/2024", "03/04/2024")).learned(unknown, "f"))
                .hasMessage("f: column 'c' can be read as dd/MM/uuuu and as MM/dd/uuuu; say which with"
                        + " {type: date, format: dd/MM/uuuu}");
        ColumnKind.Date american = new ColumnKind.Date(Optional.of(new DateFormat("MM/dd/yyyy")));
        ColumnKind.Date learned = (ColumnKind.Date)
                profile(american, List.of("01/02/2024", "03/04/2024")).learned(american, "f");
        assertThat(learned.isDiscrete()).isTrue();
        assertThat(learned.days("03/04/2024")).isEqualTo(62);
        assertThat(learned.text(learned.stored(62.9))).isEqualTo("03/04/2024");
        assertThat(learned.text(learned.stored(63.1))).isEqualTo("03/04/2024");
        assertThat(learned.text(learned.stored(-0.1))).isEqualTo("01/02/2024");
        assertThatThrownBy(() -> profile(unknown, List.of("soon")).learned(unknown, "f"))
                .hasMessageContaining("are not all written in one of the usual ways");
    }

    @ParameterizedTest
    @CsvSource({"uuuu-MM-dd, true", "dd-MMM-yyyy HH:mm, true", "HH:mm, false", "{, false", "MM-uuuu, false"})
    void patterns(String pattern, boolean usable) {
        assertThat(DateFormat.isPattern(pattern)).isEqualTo(usable);
    }
}
