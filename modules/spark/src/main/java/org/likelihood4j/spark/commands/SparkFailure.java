package org.likelihood4j.spark.commands;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.likelihood4j.cli.terminal.UserError;

/** What a job failed by: Spark wraps it, and puts where it was found and who was asked around it. */
final class SparkFailure {
    /** An exception of ours, with its line, somewhere in a message. */
    private static final Pattern OURS = Pattern.compile("org\\.likelihood4j\\.[\\w.$]+(?:Exception|Error): ([^\\n]*)");

    private SparkFailure() {}

    /** One line on a failure of Spark's. */
    static UserError of(Exception failure) {
        String first = "";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Optional<String> line = line(cause);
            if (line.isPresent()) {
                return new UserError(line.get(), failure);
            }
            if (first.isEmpty() && cause.getMessage() != null) {
                first = cause.getMessage().lines().findFirst().orElse("");
            }
        }
        return new UserError("Spark: " + (first.isEmpty() ? failure.toString() : first), failure);
    }

    private static Optional<String> line(Throwable cause) {
        if (cause.getClass().getName().startsWith("org.likelihood4j.")) {
            return Optional.of(cause.getMessage());
        }
        Matcher found = OURS.matcher(String.valueOf(cause.getMessage()));
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }
}
