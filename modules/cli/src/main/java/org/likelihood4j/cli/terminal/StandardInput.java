package org.likelihood4j.cli.terminal;

import java.io.InputStream;

/** The name {@code -} in the place of an input's: standard input. */
public final class StandardInput {
    private static final String NAME = "-";

    private StandardInput() {}

    public static boolean isMeant(Object input) {
        return input != null && input.toString().equals(NAME);
    }

    public static InputStream stream() {
        return System.in;
    }
}
