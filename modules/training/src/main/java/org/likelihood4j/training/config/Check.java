package org.likelihood4j.training.config;

/**
 * The checks that the configuration's records share. Each takes the value as it was given, puts the default in the
 * place of {@code null}, and refuses what breaks the rule; conditions are phrased so that NaN breaks them too.
 */
final class Check {
    /** The rest of float32's range is room for the data's own scale. */
    private static final int MAX_TOTAL_LOG_SCALE = 80;

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

    static Double nonNegative(String key, Double value, double fallback) {
        double v = or(value, fallback);
        require(v >= 0 && v < Double.POSITIVE_INFINITY, key, "must not be negative", v);
        return v;
    }

    /** The bound of each of a chain's log-scales: together they must stay within float32, whose largest number is exp(88.7). */
    static Double logScaleBound(Double value, int couplings) {
        double bound = positive("logScaleBound", value, 2);
        double total = couplings * bound;
        require(
                total <= MAX_TOTAL_LOG_SCALE,
                "logScaleBound",
                "couplings * logScaleBound must be at most " + MAX_TOTAL_LOG_SCALE
                        + ", or exp of it could leave float32",
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
