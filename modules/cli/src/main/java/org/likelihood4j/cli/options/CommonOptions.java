package org.likelihood4j.cli.options;

import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** What every command takes, before or after its name. */
public final class CommonOptions {
    public static final String DEBUG = "--debug";
    private static final String QUIET = "--quiet";

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Explain what there is.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Option(
            names = {"-q", QUIET},
            scope = ScopeType.INHERIT,
            description = "Print results only: no progress, no hints. Warnings and errors go to standard error.")
    private boolean quiet;

    @Option(names = DEBUG, scope = ScopeType.INHERIT, description = "Show the stack trace when something fails.")
    @SuppressWarnings("UnusedVariable") // the option is asked for its value
    private boolean debug;

    /** Whether a command line wants nothing but its result: asked for, or because a program reads the result. */
    public boolean quiet(ParseResult parsed) {
        return quiet
                || parsed.asCommandLineList().stream()
                        .anyMatch(line -> line.getParseResult().hasMatchedOption(JsonOption.NAME));
    }
}
