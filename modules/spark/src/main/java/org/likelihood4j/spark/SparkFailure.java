package org.likelihood4j.spark;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.likelihood4j.cli.terminal.UserError;

/** What a job failed by: Spark wraps it, and puts where it was found and who was asked around it. */
public final class SparkFailure {
    /** An exception of ours, with its line, somewhere in a message. */
    private static final Pattern OURS = Pattern.compile("org\\.likelihood4j\\.[\\w.$]+(?:Exception|Error): ([^\\n]*)");

    private SparkFailure() {}

    /** One line on a failure of Spark's. */
    public static UserError of(Exception failure) {
        return new UserError(line(failure).orElseGet(() -> "Spark: " + firstLine(failure)), failure);
    }

    /** The line of our own exception that is behind a failure, if there is one. */
    public static Optional<String> line(Throwable failure) {
        return causes(failure).flatMap(cause -> own(cause).stream()).findFirst();
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }

    private static Optional<String> own(Throwable cause) {
        if (cause.getClass().getName().startsWith("org.likelihood4j.")) {
            return Optional.of(cause.getMessage());
        }
        Matcher found = OURS.matcher(String.valueOf(cause.getMessage()));
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }

    /** What Spark says first. */
    public static String firstLine(Throwable failure) {
        return causes(failure)
                .map(Throwable::getMessage)
                .filter(Objects::nonNull)
                .flatMap(String::lines)
                .findFirst()
                .orElse(failure.toString());
    }
}
