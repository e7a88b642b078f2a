package org.likelihood4j.spark;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.likelihood4j.cli.terminal.UserError;

/** What a job failed by: Spark wraps it, and puts where it was found and who was asked around it. */
public final class SparkFailure {
    /** An exception of ours, with its line, somewhere in a message. */
    private static final Pattern OURS =
            Pattern.compile("org\\.likelihood4j\\.(?!shaded)[\\w.$]+(?:Exception|Error): ([^\\n]*)");

    private static final String CAUSE = "Caused by: ";

    private SparkFailure() {}

    /** What a command of ours failed by, in one line where it is Spark's. */
    public static Exception meaning(Exception failure) {
        return isOurs(failure) || !isSparks(failure)
                ? failure
                : new UserError(line(failure).orElseGet(() -> "Spark: " + firstLine(failure)), failure);
    }

    private static boolean isOurs(Throwable failure) {
        String name = failure.getClass().getName();
        return name.startsWith("org.likelihood4j.") && !name.startsWith("org.likelihood4j.shaded.");
    }

    private static boolean isSparks(Throwable failure) {
        return causes(failure).anyMatch(cause -> cause.getClass().getName().startsWith("org.apache.spark."));
    }

    /** The line of our own exception that is behind a failure, if there is one. */
    public static Optional<String> line(Throwable failure) {
        return causes(failure).flatMap(cause -> own(cause).stream()).findFirst();
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }

    private static Optional<String> own(Throwable cause) {
        if (isOurs(cause)) {
            return Optional.ofNullable(cause.getMessage());
        }
        Matcher found = OURS.matcher(String.valueOf(cause.getMessage()));
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }

    /** Whether a failure, or one behind it, says one of these. */
    public static boolean says(Throwable failure, List<String> words) {
        return causes(failure)
                .map(cause -> String.valueOf(cause.getMessage()))
                .anyMatch(message -> words.stream().anyMatch(message::contains));
    }

    /** What Spark says first, and of a stack of causes in what it says the last one, which it does not say before. */
    public static String firstLine(Throwable failure) {
        String first = first(failure);
        return causes(failure)
                .flatMap(cause -> String.valueOf(cause.getMessage()).lines())
                .filter(line -> line.startsWith(CAUSE))
                .map(line -> line.substring(CAUSE.length()))
                .reduce((before, last) -> last)
                .filter(cause -> !first.contains(cause))
                .map(cause -> first + " (" + cause + ")")
                .orElse(first);
    }

    private static String first(Throwable failure) {
        return causes(failure)
                .map(Throwable::getMessage)
                .filter(Objects::nonNull)
                .flatMap(String::lines)
                .findFirst()
                .orElse(failure.toString());
    }
}
