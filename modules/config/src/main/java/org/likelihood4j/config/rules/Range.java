package org.likelihood4j.config.rules;

/**
 * An interval that a number must lie in. NaN and the infinities lie in none.
 *
 * @param min its lower end
 * @param withMin whether {@code min} belongs to it
 * @param max its upper end; infinite for none
 * @param withMax whether {@code max} belongs to it
 */
public record Range(double min, boolean withMin, double max, boolean withMax) {
    public static final Range POSITIVE = above(0);
    static final Range NOT_NEGATIVE = atLeast(0);

    public static Range atLeast(double min) {
        return new Range(min, true, Double.POSITIVE_INFINITY, false);
    }

    public static Range above(double min) {
        return new Range(min, false, Double.POSITIVE_INFINITY, false);
    }

    public Range atMost(double end) {
        return new Range(min, withMin, end, true);
    }

    public Range below(double end) {
        return new Range(min, withMin, end, false);
    }

    boolean contains(double value) {
        return (value > min || (withMin && value == min)) && (value < max || (withMax && value == max));
    }

    /** What is asked of a number, such as {@code must be above 0 and at most 1}. */
    String rule() {
        if (equals(POSITIVE)) {
            return "must be positive";
        } else if (equals(NOT_NEGATIVE)) {
            return "must not be negative";
        }
        return "must be " + (withMin ? "at least " : "above ") + text(min)
                + (max == Double.POSITIVE_INFINITY ? "" : " and " + (withMax ? "at most " : "below ") + text(max));
    }

    private static String text(double end) {
        return end == Math.rint(end) && Math.abs(end) < 1e9 ? String.valueOf((long) end) : String.valueOf(end);
    }
}
