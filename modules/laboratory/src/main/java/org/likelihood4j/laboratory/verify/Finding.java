package org.likelihood4j.laboratory.verify;

import java.util.Locale;
import java.util.Optional;

/**
 * What one check found.
 *
 * @param derivation of the formula; empty where a trained model or somebody's own formulas are checked
 * @param formula what is claimed
 * @param compared with what, on what
 * @param cases how many comparisons
 * @param value the largest error, or the smallest value of what must stay away from 0; NaN fails
 * @param rule how the value is judged
 * @param limit that the value is held against
 */
public record Finding(
        Optional<Derivation> derivation,
        String formula,
        String compared,
        long cases,
        double value,
        Rule rule,
        double limit) {
    /** How a value is judged. */
    public enum Rule {
        /** An error: at most the limit. */
        AT_MOST,
        /** A distance from 0: above the limit. */
        ABOVE,
        /** There is nothing to compare with, for the reason given. */
        NONE
    }

    public static Finding atMost(double limit, String formula, String compared, long cases, double error) {
        return new Finding(Optional.empty(), formula, compared, cases, error, Rule.AT_MOST, limit);
    }

    public static Finding above(double limit, String formula, String compared, long cases, double smallest) {
        return new Finding(Optional.empty(), formula, compared, cases, smallest, Rule.ABOVE, limit);
    }

    public static Finding none(String formula, String reason) {
        return new Finding(Optional.empty(), formula, reason, 0, Double.NaN, Rule.NONE, Double.NaN);
    }

    /** The same, of a formula that is derived there. */
    Finding of(Derivation derivation) {
        return new Finding(Optional.of(derivation), formula, compared, cases, value, rule, limit);
    }

    /** Whether nothing speaks against the claim. */
    public boolean passed() {
        return switch (rule) {
            case AT_MOST -> value <= limit;
            case ABOVE -> value > limit && value < Double.POSITIVE_INFINITY;
            case NONE -> true;
        };
    }

    /** {@code ok}, {@code FAILED} or {@code none}. */
    public String verdict() {
        if (rule == Rule.NONE) {
            return "none";
        }
        return passed() ? "ok" : "FAILED";
    }

    /** The value for people. */
    public String error() {
        return rule == Rule.NONE ? "-" : number(value);
    }

    /** The limit for people. */
    public String tolerance() {
        return switch (rule) {
            case AT_MOST -> number(limit);
            case ABOVE -> "> " + number(limit);
            case NONE -> "-";
        };
    }

    private static String number(double x) {
        if (x == 0) {
            return "0";
        }
        boolean plain = Math.abs(x) >= 0.01 && Math.abs(x) < 10_000;
        String text = String.format(Locale.ROOT, plain ? "%.3g" : "%.1e", x);
        // 0.100 is 0.1, and 1.0e-10 is 1e-10.
        return text.replaceFirst("(\\.\\d*?)0+(e|$)", "$1$2").replaceFirst("\\.(e|$)", "$1");
    }
}
