package org.likelihood4j.training.config;

/**
 * A problem in a configuration, told in one line that a person can act on, such as
 * {@code configs/x.yaml:12: training.epochs: must be at least 1, was 0}.
 */
public final class ConfigException extends RuntimeException {
    private static final int MAX_LENGTH = 1000;

    private final String key;
    private final String problem;

    /** A complaint about a value, where it is not known which file or line wrote it. */
    public ConfigException(String key, String problem) {
        this("", key, problem);
    }

    /**
     * @param origin the file and line, or the override, that the value came from; may be empty
     * @param key the dotted path of the key; may be empty
     * @param problem what is wrong
     */
    ConfigException(String origin, String key, String problem) {
        super(oneLine(prefix(origin) + prefix(key) + problem));
        this.key = key;
        this.problem = problem;
    }

    String key() {
        return key;
    }

    String problem() {
        return problem;
    }

    private static String prefix(String part) {
        return part.isEmpty() ? "" : part + ": ";
    }

    /** Keys and file names are a stranger's text: no line break or control character of theirs reaches a terminal. */
    private static String oneLine(String text) {
        StringBuilder line = new StringBuilder();
        text.codePoints()
                .limit(MAX_LENGTH)
                .forEach(c -> line.appendCodePoint(unprintable(c) ? (Character.isWhitespace(c) ? ' ' : '?') : c));
        return line.toString();
    }

    private static boolean unprintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }
}
