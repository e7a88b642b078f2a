package org.likelihood4j.io;

/** A problem that the user can act on; its message is one clear line. */
public class RunException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RunException(String message) {
        super(Printable.line(message));
    }

    public RunException(String message, Throwable cause) {
        super(Printable.line(message), cause);
    }
}
