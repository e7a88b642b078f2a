package org.likelihood4j.training;

/** A loss, metric or gradient that is not finite; the message names the step and the first bad quantity. */
public final class DivergenceException extends TrainingException {
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
    String problem() {
        return problem;
    }
}
