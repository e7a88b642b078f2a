package org.likelihood4j.benchmarks;

/** A contender computes something else than the reference, so that its times would mean nothing. */
final class DisagreementException extends RuntimeException {
    private static final long serialVersionUID = 1;

    DisagreementException(String message) {
        super(message);
    }
}
