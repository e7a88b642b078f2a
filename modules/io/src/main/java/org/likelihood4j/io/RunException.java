package org.likelihood4j.training;

import org.likelihood4j.data.io.Printable;

/** A problem that the user can act on; its message is one clear line. */
public class TrainingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TrainingException(String message) {
        super(Printable.line(message));
    }

    public TrainingException(String message, Throwable cause) {
        super(Printable.line(message), cause);
    }
}
