package org.likelihood4j.cli.terminal;

import java.util.Locale;
import org.likelihood4j.io.Printable;

/** A file that a user names for what a command writes. */
public final class OutputFile {
    private OutputFile() {}

    /**
     * Refuses a name that ends otherwise than what is written there: a slip must not cost a config, weights or a text. Before anything is
     * computed.
     *
     * @param output null for none
     * @param ending such as {@code .csv}
     * @throws UserError if it ends otherwise
     */
    public static void requireEnding(Object output, String ending) {
        if (output != null && !output.toString().toLowerCase(Locale.ROOT).endsWith(ending)) {
            throw new UserError("--output must end in " + ending + ", was " + Printable.line(output.toString()));
        }
    }
}
