package org.likelihood4j.benchmarks.work;

/** One way to take the steps of a {@link Case}. One thread at a time. */
public interface Contender extends AutoCloseable {
    /** The column in the table. */
    String name();

    /** Which of its forms it runs in, where it has several; else empty. */
    default String form() {
        return "";
    }

    /** Whether it can do a phase by itself. */
    default boolean supports(Phase phase) {
        return true;
    }

    /** Back to the case's weights. */
    void reset();

    /** Takes steps over the feed's batches in turn. */
    void run(Phase phase, int steps);

    /**
     * Holds itself against the reference on the same weights, batch and noise.
     *
     * @throws DisagreementException if they differ by more than float32's rounding explains
     */
    void requireAgreement(Reference reference);

    @Override
    void close();
}
