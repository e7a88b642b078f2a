package org.likelihood4j.training;

/** A loss, metric or gradient that is not finite; the message names the step and the first bad quantity. */
public final class DivergenceException extends TrainingException {
    private static final long serialVersionUID = 1L;

    public DivergenceException(String message) {
        super(message);
    }
}
