package org.likelihood4j.cli.terminal;

/** Something that the user can mend. Its message is all that is shown. */
public final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UserError(String message) {
        super(message);
    }

    public UserError(String message, Throwable cause) {
        super(message, cause);
    }
}
