package org.likelihood4j.inference.runtime;

import org.likelihood4j.io.RunException;

/** A loss, metric or gradient that is not finite; the message names the step and the first bad quantity. */
public final class DivergenceException extends RunException {
    private static final long serialVersionUID = 1L;

    private final String problem;

    public DivergenceException(String problem) {
        super(problem);
        this.problem = problem;
    }

    public DivergenceException(String problem, String advice) {
        super(problem + "; " + advice);
        this.problem = problem;
    }

    /** The message without advice. */
    public String problem() {
        return problem;
    }
}
