package org.likelihood4j.config.rules;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The checks that the configuration's records share. Each takes the value as it was given, puts the default in the
 * place of {@code null}, and refuses what breaks the rule; conditions are phrased so that NaN breaks them too.
 */
public final class Check {
    /** The widest layer: more is a slip of the keyboard, and products of two widths stay far from overflowing. */
    private static final int MAX_WIDTH = 1 << 20;

    /** The longest list of layers and the longest chain of couplings: each layer is several nodes of a graph. */
    private static final int MAX_LAYERS = 64;

    private static final int MAX_COUPLINGS = 100;

    private static final int MAX_STAGES = 100;

    private static final int MAX_EPOCHS = 1 << 20;

    private static final int MAX_PATH = 4096;

    private static final int MAX_DRAWS = 1_000_000;

    /** Of the validation, and of the test, where nothing is said. */
    public static final double SHARE = 0.1;

    public static final Pattern NOT_BLANK = Pattern.compile("[\\s\\S]*\\S[\\s\\S]*");

    private Check() {}

    public static <T> T or(T value, T fallback) {
        return value == null ? fallback : value;
    }

    public static Integer atLeast(int min, String key, Integer value, int fallback) {
        return within(min, Integer.MAX_VALUE, key, value, fallback);
    }

    /** The same, where {@code null} stays what it is. */
    public static Integer optionalAtLeast(int min, String key, Integer value) {
        int v = atLeast(min, key, value, min);
        return value == null ? null : v;
    }

    public static Integer within(int min, int max, String key, Integer value, int fallback) {
        RuleRecorder.tell(key, Range.atLeast(min).atMost(max));
        int v = or(value, fallback);
        require(v >= min, key, "must be at least " + min, v);
        require(v <= max, key, "must be at most " + max, v);
        return v;
    }

    public static Integer width(String key, Integer value, int fallback) {
        return within(1, MAX_WIDTH, key, value, fallback);
    }

    /** How often something is drawn for each image. */
    public static Integer draws(int min, String key, Integer value, int fallback) {
        return within(min, MAX_DRAWS, key, value, fallback);
    }

    /** The same, where {@code null} stays what it is. */
    public static Integer optionalDraws(int min, String key, Integer value) {
        int v = draws(min, key, value, min);
        return value == null ? null : v;
    }

    public static Integer couplings(Integer value, int fallback) {
        return within(1, MAX_COUPLINGS, "couplings", value, fallback);
    }

    /** Of a flow that is not made of couplings. */
    public static Integer steps(Integer value, int fallback) {
        return within(1, MAX_COUPLINGS, "steps", value, fallback);
    }

    /** The same, where {@code null} stays what it is. */
    public static Integer optionalCouplings(Integer value) {
        int v = couplings(value, 1);
        return value == null ? null : v;
    }

    /** The widths of a network's layers; {@code null} stays what it is. */
    public static List<Integer> widths(String key, List<Integer> values) {
        return numbers(key, values, MAX_LAYERS, "layers", MAX_WIDTH);
    }

    /** How many epochs each stage of a training has; {@code null} stays what it is. */
    public static List<Integer> stages(String key, List<Integer> values) {
        return numbers(key, values, MAX_STAGES, "stages", MAX_EPOCHS);
    }

    private static List<Integer> numbers(String key, List<Integer> values, int most, String counted, int largest) {
        RuleRecorder.tell(key, most);
        RuleRecorder.tell(key + "[]", Range.atLeast(1).atMost(largest));
        if (values == null) {
            return null;
        }
        require(values.size() <= most, key, "must have at most " + most + " " + counted, values.size());
        for (int i = 0; i < values.size(); i++) {
            within(1, largest, key + "[" + i + "]", values.get(i), 1);
        }
        return List.copyOf(values);
    }

    public static Double within(Range range, String key, Double value, double fallback) {
        RuleRecorder.tell(key, range);
        double v = or(value, fallback);
        require(range.contains(v), key, range.rule(), v);
        return v;
    }

    /** The same, where {@code null} stays what it is. */
    public static Double optional(Range range, String key, Double value) {
        RuleRecorder.tell(key, range);
        if (value != null) {
            require(range.contains(value), key, range.rule(), value);
        }
        return value;
    }

    public static Double positive(String key, Double value, double fallback) {
        return within(Range.POSITIVE, key, value, fallback);
    }

    /** Finite too. */
    public static Double atLeast(double min, String key, Double value, double fallback) {
        return within(Range.atLeast(min), key, value, fallback);
    }

    public static Double nonNegative(String key, Double value, double fallback) {
        return within(Range.NOT_NEGATIVE, key, value, fallback);
    }

    /**
     * The bound of each of a chain's log-scales.
     *
     * @param largest of all bounds together, so that the squares of what is scaled stay within float32
     * @param because what {@code largest} follows from
     */
    public static Double logScaleBound(Double value, String counted, int count, double largest, String because) {
        double bound = positive("logScaleBound", value, 2);
        double total = count * bound;
        require(
                total <= largest,
                "logScaleBound",
                String.format(
                        Locale.ROOT,
                        "%s * logScaleBound must be at most %.3g%s, or the squares of the latents could leave float32",
                        counted,
                        largest,
                        because),
                count + " * " + bound + " = " + total);
        return bound;
    }

    /** A number in [0, 1). */
    public static Double decay(String key, Double value, double fallback) {
        return within(Range.atLeast(0).below(1), key, value, fallback);
    }

    /** A number in (0, 1]. */
    public static Double factor(String key, Double value, double fallback) {
        return within(Range.above(0).atMost(1), key, value, fallback);
    }

    /**
     * A text of a form.
     *
     * @param form of the whole text
     * @param rule what a text of this form is, such as {@code must not be blank}
     */
    public static String text(Pattern form, String rule, String key, String value, String fallback) {
        RuleRecorder.tell(key, form);
        String v = or(value, fallback);
        if (v != null && !form.matcher(v).matches()) {
            throw new ConfigException(key, rule);
        }
        return v;
    }

    /** A share beside the validation's: together they leave something to train on. */
    public static Double share(String key, Double value, double validation) {
        double v = decay(key, value, Math.min(SHARE, (1 - validation) / 2));
        require(v + validation < 1, key, "must leave something to train on beside validation " + validation, v);
        return v;
    }

    /** A file or folder, which need not be there. */
    public static String path(String key, String value) {
        RuleRecorder.tell(key, NOT_BLANK);
        if (value == null) {
            throw new ConfigException(key, "required, but missing");
        }
        optionalPath(key, value);
        return value;
    }

    public static void optionalPath(String key, String value) {
        RuleRecorder.tell(key, NOT_BLANK);
        if (value == null) {
            return;
        }
        require(
                !value.isBlank() && value.length() <= MAX_PATH,
                key,
                "must have 1 to " + MAX_PATH + " characters",
                Wording.quote(value));
        require(isPath(value), key, "cannot be a path", Wording.quote(value));
    }

    private static boolean isPath(String value) {
        try {
            return Path.of(value).getNameCount() >= 0;
        } catch (InvalidPathException e) {
            return false;
        }
    }

    public static void require(boolean holds, String key, String rule, Object value) {
        if (!holds) {
            throw new ConfigException(key, isSection(value) ? rule : rule + ", was " + value);
        }
    }

    /** Mappings of keys, which nobody knows by what Java prints of them. */
    private static boolean isSection(Object value) {
        return value instanceof Record
                || (value instanceof List<?> list && list.stream().anyMatch(Record.class::isInstance));
    }
}
