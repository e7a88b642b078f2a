package org.likelihood4j.laboratory.latents;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;

/** As many digits as a picture shows. */
final class Digits {
    private static final MathContext SIX = new MathContext(6);

    private Digits() {}

    /** The same finite numbers with six digits each. */
    static double[] rounded(double[] values) {
        return Arrays.stream(values)
                .map(value -> new BigDecimal(value).round(SIX).doubleValue())
                .toArray();
    }
}
