package org.likelihood4j.runs.statistics;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/**
 * A mean over seeds.
 *
 * @param mean NaN if a value is not finite
 * @param error its standard error: the sample's standard deviation divided by the root of their number; NaN for one value
 */
public record MeanAndError(double mean, double error) {
    private static final int MAX_DECIMALS = 6;

    public static MeanAndError of(double[] values) {
        Moments moments = new Moments();
        for (double value : values) {
            moments.add(value);
        }
        return new MeanAndError(moments.mean(), moments.standardError());
    }

    /**
     * Such as {@code -100.781 +- 0.032}: two digits of the error, and the mean to the same place.
     *
     * @param decimals of the mean where the error is not known or zero
     */
    public String text(int decimals) {
        if (!Double.isFinite(mean)) {
            return "not finite";
        }
        if (!Double.isFinite(error)) {
            return number(mean, decimals) + " +- -";
        }
        // By way of its rounded value: 0.00996 has its two digits in 0.010.
        int digits = new BigDecimal(error).round(new MathContext(2)).scale();
        int places = error == 0 ? decimals : Math.max(0, Math.min(MAX_DECIMALS, digits));
        return number(mean, places) + " +- " + number(error, places);
    }

    private static String number(double value, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
