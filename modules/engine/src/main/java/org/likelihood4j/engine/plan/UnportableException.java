package org.likelihood4j.engine.plan;

/** A computation is not what a {@link PortableProgram} can say; the message says why, in one line. */
public final class UnportableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UnportableException(String message) {
        super(message);
    }
}
