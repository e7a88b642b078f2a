package org.likelihood4j.laboratory.latents;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;

/** As many digits as a picture shows. */
final class Digits {
    /** Of the largest number. */
    private static final int DIGITS = 5;

    private Digits() {}

    /** The same numbers with digits to the last place that the largest one needs. */
    static double[] rounded(double[] values) {
        double largest = Arrays.stream(values).map(Math::abs).max().orElse(0);
        if (!(largest > 0 && largest < Double.MAX_VALUE)) {
            return values;
        }
        int decimals = DIGITS - (int) Math.floor(Math.log10(largest));
        return Arrays.stream(values)
                .map(value -> new BigDecimal(value)
                        .setScale(decimals, RoundingMode.HALF_EVEN)
                        .doubleValue())
                .toArray();
    }
}
