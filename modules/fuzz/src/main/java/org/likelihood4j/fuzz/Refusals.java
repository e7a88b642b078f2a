package org.likelihood4j.fuzz;

import java.nio.file.Path;
import java.util.List;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.data.DataException;
import org.likelihood4j.io.RunException;
import org.likelihood4j.io.safetensors.SafetensorsException;
import org.likelihood4j.score.files.ExportException;

/** What a refusal must be: one of the project's own exceptions, with one printable line. */
public final class Refusals {
    private static final List<Class<?>> OURS = List.of(
            ExportException.class,
            ConfigException.class,
            RunException.class,
            SafetensorsException.class,
            DataException.class);

    /** A file's name, and about ten lines of a terminal. */
    private static final int LONGEST = 1100;

    private static final List<String> INTERNAL =
            List.of("org.likelihood4j", "tools.jackson", "java.lang", "java.util", "java.nio", "Exception");

    private Refusals() {}

    /**
     * Holds a refusal against all of that.
     *
     * @param where what the message must name: the file, or the part of the input that is to blame
     * @param input a word of its own may look like one of ours
     */
    public static void check(Exception refusal, String where, String input) {
        if (!OURS.contains(refusal.getClass())) {
            throw new AssertionError("not one of the project's exceptions: " + refusal, refusal);
        }
        String message = refusal.getMessage();
        require(message.codePoints().noneMatch(Refusals::unprintable), "has a control character", message);
        require(message.length() <= LONGEST, "is too long", message);
        require(message.contains(where), "does not name " + where, message);
        for (String word : INTERNAL) {
            require(!message.contains(word) || input.contains(word), "speaks of " + word, message);
        }
    }

    /** For an input that is bytes. */
    public static void check(Exception refusal, Path file) {
        check(refusal, file.toString(), "");
    }

    /** Holds an invariant that is not about a refusal. */
    public static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    private static void require(boolean holds, String what, String message) {
        require(holds, "the message " + what + ": " + message);
    }

    private static boolean unprintable(int c) {
        return Character.isISOControl(c)
                || Character.getType(c) == Character.FORMAT
                || Character.getType(c) == Character.SURROGATE
                || Character.getType(c) == Character.LINE_SEPARATOR
                || Character.getType(c) == Character.PARAGRAPH_SEPARATOR;
    }
}
