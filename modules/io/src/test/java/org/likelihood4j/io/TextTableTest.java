package org.likelihood4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class TextTableTest {
    private static TextTable table() {
        return new TextTable().left(0, 6).right(2, 8).left(1, 0);
    }

    @Test
    void aRowAloneIsAsFormatWritesIt() {
        for (String name : List.of("a", "abcdef", "longer than its column")) {
            assertThat(table().line(name, "1.5", "end"))
                    .isEqualTo(String.format(Locale.ROOT, "%-6s  %8s %s", name, "1.5", "end"));
        }
    }

    @Test
    void rowsTogetherAreAsWideAsTheirLongestCells() {
        assertThat(table().lines(List.of(List.of("name", "number", "of"), List.of("something", "1234567890", ""))))
                .containsExactly("name           number of", "something  1234567890");
    }

    @Test
    void aRowOfOtherCellsIsRefused() {
        assertThatThrownBy(() -> table().line("a")).hasMessage("1 cells for 3 columns");
    }
}
