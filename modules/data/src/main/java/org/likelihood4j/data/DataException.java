package org.likelihood4j.data;

/** A problem with data that a user can act on. The message names the file, what was expected, and what to do. */
public class DataException extends RuntimeException {
    public DataException(String message) {
        super(message);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
