package org.likelihood4j.training.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The checks that the configuration's records share. Each takes the value as it was given, puts the default in the
 * place of {@code null}, and refuses what breaks the rule; conditions are phrased so that NaN breaks them too.
 */
final class Check {
    /** The widest layer: more is a slip of the keyboard, and products of two widths stay far from overflowing. */
    private static final int MAX_WIDTH = 1 << 20;

    /** The longest list of layers and the longest chain of couplings: each layer is several nodes of a graph. */
    private static final int MAX_LAYERS = 64;

    private static final int MAX_COUPLINGS = 100;

    private static final int MAX_PATH = 4096;

    private static final int MAX_DRAWS = 1_000_000;

    private Check() {}

    static <T> T or(T value, T fallback) {
        return value == null ? fallback : value;
    }

    static Integer atLeast(int min, String key, Integer value, int fallback) {
        int v = or(value, fallback);
        require(v >= min, key, "must be at least " + min, v);
        return v;
    }

    static Integer within(int min, int max, String key, Integer value, int fallback) {
        int v = atLeast(min, key, value, fallback);
        require(v <= max, key, "must be at most " + max, v);
        return v;
    }

    static Integer width(String key, Integer value, int fallback) {
        return within(1, MAX_WIDTH, key, value, fallback);
    }

    /** How often something is drawn for each image. */
    static Integer draws(int min, String key, Integer value, int fallback) {
        return within(min, MAX_DRAWS, key, value, fallback);
    }

    static Integer couplings(Integer value, int fallback) {
        return within(1, MAX_COUPLINGS, "couplings", value, fallback);
    }

    /** The widths of a network's layers. */
    static List<Integer> widths(String key, List<Integer> values) {
        require(values.size() <= MAX_LAYERS, key, "must have at most " + MAX_LAYERS + " layers", values.size());
        for (int i = 0; i < values.size(); i++) {
            width(key + "[" + i + "]", values.get(i), 1);
        }
        return List.copyOf(values);
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

    /** A share beside the validation's: together they leave something to train on. */
    static Double share(String key, Double value, double validation) {
        double v = decay(key, value, Math.min(DataConfig.SHARE, (1 - validation) / 2));
        require(v + validation < 1, key, "must leave something to train on beside validation " + validation, v);
        return v;
    }

    /** A file or folder, which need not be there. */
    static String path(String key, String value) {
        if (value == null) {
            throw new ConfigException(key, "required, but missing");
        }
        optionalPath(key, value);
        return value;
    }

    static void optionalPath(String key, String value) {
        if (value == null) {
            return;
        }
        require(
                !value.isBlank() && value.length() <= MAX_PATH,
                key,
                "must have 1 to " + MAX_PATH + " characters",
                Text.quote(value));
        if (!isPath(value)) {
            throw new ConfigException(key, "cannot be a path, was " + Text.quote(value));
        }
    }

    private static boolean isPath(String value) {
        try {
            return !Path.of(value).toString().isEmpty();
        } catch (InvalidPathException e) {
            return false;
        }
    }

    static void require(boolean holds, String key, String rule, Object value) {
        if (!holds) {
            throw new ConfigException(key, rule + ", was " + value);
        }
    }
}
