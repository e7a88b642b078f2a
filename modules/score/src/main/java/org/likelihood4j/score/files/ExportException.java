package org.likelihood4j.score.files;

/** An export cannot be used, or an example is not what its model takes; the message is one line that says why. */
public final class ExportException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ExportException(String message) {
        super(message);
    }

    public ExportException(String message, Throwable cause) {
        super(message, cause);
    }
}
