package org.likelihood4j.cli.terminal;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.likelihood4j.cli.options.CommonOptions;
import org.likelihood4j.data.DataException;
import org.likelihood4j.io.Printable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Turns what went wrong into one line on standard error and an exit code.
 *
 * <p>Exit codes: {@value #FAILED} for what the user can mend (our own exceptions, files, memory), {@value #USAGE} for a
 * command line that is not understood, {@value #UNEXPECTED} for a defect of the program, 130 after Ctrl-C.
 */
public final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
    public static final int FAILED = 1;
    public static final int USAGE = 2;
    static final int UNEXPECTED = 70;

    private static final Pattern CHOICES = Pattern.compile("expected one of \\[([^\\]]*)\\] \\(case-insensitive\\)");

    private final Console console;

    public Failures(Console console) {
        this.console = console;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        return report(failure, command);
    }

    /** Reports a failure of any kind and gives the exit code. */
    public int report(Throwable failure, CommandLine command) {
        Throwable cause = unwrapped(failure);
        boolean debug = debugging(command);
        if (isExpected(cause)) {
            error(describe(cause));
        } else {
            error("unexpected " + describe(cause));
            if (!debug) {
                console.err().println("Run again with --debug for the stack trace.");
            }
        }
        if (debug) {
            failure.printStackTrace(console.err());
        }
        return isExpected(cause) ? FAILED : UNEXPECTED;
    }

    @Override
    public int handleParseException(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        error(
                failure instanceof UnmatchedArgumentException unmatched
                        ? describe(unmatched)
                        : choices(oneLine(failure.getMessage())));
        console.err().println("Run '" + command.getCommandSpec().qualifiedName() + " --help' to see what there is.");
        return USAGE;
    }

    /** Picocli lists a choice's words as their constants are called; they are written small. */
    private static String choices(String message) {
        return CHOICES.matcher(message)
                .replaceAll(found -> Matcher.quoteReplacement(
                        "expected one of " + found.group(1).toLowerCase(Locale.ROOT)));
    }

    private static String describe(UnmatchedArgumentException failure) {
        List<String> given = failure.getUnmatched();
        boolean command = !failure.isUnknownOption()
                && !failure.getCommandLine().getSubcommands().isEmpty();
        String kind =
                failure.isUnknownOption() ? "unknown option" : command ? "unknown command" : "unexpected argument";
        String first = given.isEmpty() ? "" : " '" + given.get(0) + "'";
        List<String> nearest = failure.getSuggestions().stream()
                .map(s -> s.replaceAll("[=\\s].*", ""))
                .distinct()
                .limit(3)
                .toList();
        return kind
                + first
                + (nearest.isEmpty()
                        ? ""
                        : nearest.stream().collect(Collectors.joining("' or '", "; did you mean '", "'?")));
    }

    private static boolean debugging(CommandLine command) {
        OptionSpec option = command.getCommandSpec().root().findOption(CommonOptions.DEBUG);
        return option != null && Boolean.TRUE.equals(option.getValue());
    }

    private void error(String line) {
        console.err().println("error: " + line);
    }

    /** Whether a failure has a cause outside the program, so that its message says all there is to say. */
    private static boolean isExpected(Throwable failure) {
        return failure instanceof IOException
                || failure instanceof OutOfMemoryError
                || failure instanceof InvalidPathException
                || failure.getClass().getName().startsWith(LogSetup.OURS + ".");
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null
                && (cause instanceof UncheckedIOException
                        || cause instanceof ExecutionException
                        || cause instanceof CompletionException
                        || cause instanceof ExceptionInInitializerError)) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** One line on a failure, without class names where its message says it all. */
    public static String describe(Throwable failure) {
        if (failure instanceof DataException) {
            // May list files and checksums, a line each.
            return failure.getMessage().lines().map(Printable::line).collect(Collectors.joining("\n"));
        }
        String message = failure.getMessage() == null ? "" : oneLine(failure.getMessage());
        if (failure instanceof OutOfMemoryError) {
            return "out of memory: " + message + " (LIKELIHOOD4J_HEAP and LIKELIHOOD4J_OFFHEAP set the limits)";
        }
        if (failure instanceof InvalidPathException path) {
            return oneLine(describe(path));
        }
        if (failure instanceof FileSystemException file && file.getReason() == null) {
            return reason(file) + ": " + message;
        }
        if (isExpected(failure) && !message.isEmpty()) {
            return failure instanceof FileNotFoundException ? "cannot open " + message : message;
        }
        return failure.getClass().getSimpleName() + (message.isEmpty() ? "" : ": " + message);
    }

    /** Such as a path with an accent where the locale has ASCII's letters only. */
    public static String describe(InvalidPathException failure) {
        String path = Printable.shorten(failure.getInput());
        return path.indexOf('\0') >= 0
                ? "the path '" + path + "' has a zero in it, which none can have"
                : "the path '" + path + "' has letters that this locale cannot write (its paths are in "
                        + System.getProperty("sun.jnu.encoding") + "); set LC_ALL=C.UTF-8, or another one with UTF-8";
    }

    private static String reason(FileSystemException failure) {
        if (failure instanceof NoSuchFileException) {
            return "no such file or folder";
        } else if (failure instanceof AccessDeniedException) {
            return "permission denied";
        } else if (failure instanceof FileAlreadyExistsException) {
            return "exists already";
        } else if (failure instanceof NotDirectoryException) {
            return "not a folder";
        }
        return failure.getClass().getSimpleName();
    }

    private static String oneLine(String text) {
        return Printable.line(text.strip().lines().map(String::strip).collect(Collectors.joining(" ")));
    }
}
