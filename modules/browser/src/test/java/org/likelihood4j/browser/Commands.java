package org.likelihood4j.browser;

import java.io.PrintStream;
import org.likelihood4j.cli.Main;
import org.likelihood4j.cli.terminal.Console;

/** Runs command lines of the program in this JVM. */
public final class Commands {
    private Commands() {}

    /** Gives the exit code. */
    public static int run(PrintStream out, String... arguments) {
        return Main.run(new Console(out, out, false, 100), arguments);
    }
}
