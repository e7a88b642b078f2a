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
}
