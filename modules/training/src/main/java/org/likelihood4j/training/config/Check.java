package org.likelihood4j.training.config;

import java.util.Locale;

/**
 * The checks that the configuration's records share. Each takes the value as it was given, puts the default in the
 * place of {@code null}, and refuses what breaks the rule; conditions are phrased so that NaN breaks them too.
 */
final class Check {
    private Check() {}

    static <T> T or(T value, T fallback) {
        return value == null ? fallback : value;
    }

    static Integer atLeast(int min, String key, Integer value, int fallback) {
        int v = or(value, fallback);
        require(v >= min, key, "must be at least " + min, v);
        return v;
    }

    static Double positive(String key, Double value, double fallback) {
        double v = or(value, fallback);
        require(v > 0 && v < Double.POSITIVE_INFINITY, key, "must be positive", v);
        return v;
    }

    /** Finite too. */
    static Double atLeast(double min, String key, Double value, double fallback) {
        double v = or(value, fallback);
        require(v >= min && v < Double.POSITIVE_INFINITY, key, "must be at least " + min, v);
        return v;
    }

    static Double nonNegative(String key, Double value, double fallback) {
        double v = or(value, fallback);
        require(v >= 0 && v < Double.POSITIVE_INFINITY, key, "must not be negative", v);
        return v;
    }

    /**
     * The bound of each of a chain's log-scales.
     *
     * @param largest of all bounds together, so that the squares of what is scaled stay within float32
     * @param because what {@code largest} follows from
     */
    static Double logScaleBound(Double value, int couplings, double largest, String because) {
        double bound = positive("logScaleBound", value, 2);
        double total = couplings * bound;
        require(
                total <= largest,
                "logScaleBound",
                String.format(
                        Locale.ROOT,
                        "couplings * logScaleBound must be at most %.3g%s, or the squares of the latents could leave float32",
                        largest,
                        because),
                couplings + " * " + bound + " = " + total);
        return bound;
    }

    /** A number in [0, 1). */
    static Double decay(String key, Double value, double fallback) {
        double v = or(value, fallback);
        require(v >= 0 && v < 1, key, "must be at least 0 and below 1", v);
        return v;
    }

    /** A number in (0, 1]. */
    static Double factor(String key, Double value, double fallback) {
        double v = or(value, fallback);
        require(v > 0 && v <= 1, key, "must be above 0 and at most 1", v);
        return v;
    }

    static void require(boolean holds, String key, String rule, Object value) {
        if (!holds) {
            throw new ConfigException(key, rule + ", was " + value);
        }
    }
}
