package org.likelihood4j.config.rules;

import org.likelihood4j.io.Printable;

/**
 * A problem in a configuration, told in one line that a person can act on, such as
 * {@code configs/x.yaml:12: training.epochs: must be at least 1, was 0}.
 */
public final class ConfigException extends RuntimeException {
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
    public ConfigException(String origin, String key, String problem) {
        super(Printable.line(prefix(origin) + prefix(Printable.shorten(key)) + problem));
        this.key = key;
        this.problem = problem;
    }

    public String key() {
        return key;
    }

    public String problem() {
        return problem;
    }

    private static String prefix(String part) {
        return part.isEmpty() ? "" : part + ": ";
    }
}
