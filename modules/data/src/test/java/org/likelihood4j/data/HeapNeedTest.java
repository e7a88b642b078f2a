package org.likelihood4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class HeapNeedTest {
    private static final ImageShape SHAPE = new ImageShape(3, 100, 100);

    /** More bytes than an int has, too. */
    @Test
    void refusesWhatDoesNotFitAndSaysHowMuchDoes() {
        long heap = Runtime.getRuntime().maxMemory();
        long tooMany = heap / SHAPE.size();
        String[] message = {null};
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> HeapNeed.check("pictures", tooMany, SHAPE, 2))
                .satisfies(e -> message[0] = e.getMessage())
                .withMessageStartingWith("pictures: ")
                .withMessageContaining("LIKELIHOOD4J_HEAP");
        Matcher fits = Pattern.compile(".*; ([0-9,]+) fit").matcher(message[0]);
        assertThat(fits.matches()).isTrue();
        long most = Long.parseLong(fits.group(1).replace(",", ""));
        assertThatCode(() -> HeapNeed.check("pictures", most, SHAPE, 2)).doesNotThrowAnyException();
        assertThatExceptionOfType(DataException.class).isThrownBy(() -> HeapNeed.check("pictures", most + 1, SHAPE, 2));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> HeapNeed.check("pictures", Long.MAX_VALUE / 30_000 / 2, SHAPE, 2));
    }

    /** Of narrow rows the numbers are the least. */
    @Test
    void countsWhatRowsTakeBesideTheirNumbers() {
        VectorShape one = VectorShape.numbered(1);
        long heap = Runtime.getRuntime().maxMemory();
        int rows = (int) Math.min(heap / 40, Integer.MAX_VALUE / 2);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> HeapNeed.checkPart("part", rows, one))
                .withMessageContaining("more workers have fewer each");
        assertThatCode(() -> HeapNeed.checkPart("part", 1000, one)).doesNotThrowAnyException();
        int all = (int) Math.min(heap / 30, Integer.MAX_VALUE);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> HeapNeed.checkStreamed("table", all, 1, one))
                .withMessageMatching("table: [0-9,]+ rows, of which 1 of .* need [0-9.]+ GB of the heap.*");
        assertThatCode(() -> HeapNeed.checkStreamed("table", 1000, 1, one)).doesNotThrowAnyException();
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> HeapNeed.checkOrder("table", heap / 20 + 1))
                .withMessageMatching("table: [0-9,]+ examples, which are put in order, need [0-9.]+ GB .*");
        assertThatCode(() -> HeapNeed.checkOrder("table", 1000)).doesNotThrowAnyException();
    }

    /** Which no heap changes. */
    @Test
    void anArrayHasItsEnd() {
        VectorShape wide = VectorShape.numbered(1000);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> HeapNeed.checkPart("part", 3_000_000, wide))
                .withMessageMatching("part: 3,000,000 rows of .* are 3,000,000,000 numbers, and one worker holds"
                        + " 2,147,483,639 at most: take more workers");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> HeapNeed.checkStreamed("table", 30_000_000, 3_000_000, wide))
                .withMessageContaining("hold out smaller shares");
    }
}
