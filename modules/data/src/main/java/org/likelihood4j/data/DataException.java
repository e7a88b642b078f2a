package org.likelihood4j.data;

import java.util.Optional;

/** A problem with data that a user can act on. The message names the file, what was expected, and what to do. */
public class DataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Setting remedy;

    public DataException(String message) {
        this(message, (Setting) null);
    }

    /** @param remedy what would mend it, which the message says too; may be {@code null} */
    public DataException(String message, Setting remedy) {
        super(message);
        this.remedy = remedy;
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
        this.remedy = null;
    }

    /** A key that would mend it. */
    public Optional<Setting> remedy() {
        return Optional.ofNullable(remedy);
    }
}
