package org.likelihood4j.benchmarks.work;

/** A contender computes something else than the reference, so that its times would mean nothing. */
public final class DisagreementException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DisagreementException(String message) {
        super(message);
    }
}
