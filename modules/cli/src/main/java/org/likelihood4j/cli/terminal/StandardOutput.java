package org.likelihood4j.cli.terminal;

/** The name {@code -} in the place of a file's: standard output. */
public final class StandardOutput {
    private static final String NAME = "-";

    private StandardOutput() {}

    public static boolean isMeant(Object output) {
        return output != null && output.toString().equals(NAME);
    }

    /** For what is said while numbers go to standard output, among which it would else stand. */
    public static Console keptClear(Console console) {
        Console other = new Console(console.err(), console.err(), false, console.columns());
        other.setQuiet(console.quiet());
        return other;
    }

    /**
     * Refuses {@code -} where several files are written.
     *
     * @throws UserError if standard output is meant, which takes one table and nothing else
     */
    public static void refuse(Object output, String what) {
        if (isMeant(output)) {
            throw new UserError("--output -: " + what + " cannot go to standard output; give the name of a file");
        }
    }
}
