package org.likelihood4j.cli;

/** The name {@code -} in the place of a file's: standard output. */
final class StandardOutput {
    private static final String NAME = "-";

    private StandardOutput() {}

    static boolean isMeant(Object output) {
        return output != null && output.toString().equals(NAME);
    }

    /** For what is said while numbers go to standard output, among which it would else stand. */
    static Console keptClear(Console console) {
        Console other = new Console(console.err(), console.err(), false, console.columns());
        other.setQuiet(console.quiet());
        return other;
    }

    /** @throws UserError if standard output is meant, which takes one table and nothing else */
    static void refuse(Object output, String what) {
        if (isMeant(output)) {
            throw new UserError("--output -: " + what + " cannot go to standard output; give the name of a file");
        }
    }
}
