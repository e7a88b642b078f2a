package org.likelihood4j.laboratory.lessons;

import java.io.PrintStream;
import java.util.Locale;

/**
 * What a lesson says, checked where it says it: prints one line where it holds, and fails the cell where it does not. A number that is not finite fails
 * every claim about it.
 */
public final class Claim {
    /** More than an honest estimate is off by chance: 6 of 10 million are. */
    private static final double MOST_ERRORS = 5;

    private Claim() {}

    /** That two numbers are equal but for a tolerance. */
    public static void equal(String what, double actual, double expected, double tolerance) {
        require(
                Math.abs(actual - expected) <= tolerance,
                what,
                String.format(Locale.ROOT, "%.4f = %.4f, to %.0e", actual, expected, tolerance));
    }

    /** That an estimate is within 5 standard errors of the truth. */
    public static void within(String what, double estimate, double standardError, double truth) {
        require(
                Math.abs(estimate - truth) <= MOST_ERRORS * standardError,
                what,
                String.format(Locale.ROOT, "%.4f +- %.4f, truth %.4f", estimate, standardError, truth));
    }

    /** That one number is at most another. */
    public static void atMost(String what, double smaller, double larger) {
        require(smaller <= larger, what, String.format(Locale.ROOT, "%.4f <= %.4f", smaller, larger));
    }

    /** Anything else. */
    public static void holds(String what, boolean condition) {
        require(condition, what, "");
    }

    private static void require(boolean holds, String what, String numbers) {
        String line = numbers.isEmpty() ? what : what + ": " + numbers;
        if (!holds) {
            throw new AssertionError("does not hold: " + line);
        }
        PrintStream out = System.out; // of the cell that is running
        out.println("holds: " + line);
    }
}
