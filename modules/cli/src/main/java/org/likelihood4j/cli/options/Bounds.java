package org.likelihood4j.cli.options;

import org.likelihood4j.cli.terminal.UserError;

/** Bounds of numbers that options give. */
public final class Bounds {
    private Bounds() {}

    /**
     * Checks a number that may be left out.
     *
     * @throws UserError if it is below 1
     */
    public static void positive(String option, Integer value) {
        if (value != null && value < 1) {
            throw new UserError(option + " must be at least 1, was " + value);
        }
    }

    /**
     * Checks a number.
     *
     * @throws UserError if it is not between two others
     */
    public static void within(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new UserError(option + " must be " + least + " to " + most + ", was " + value);
        }
    }
}
