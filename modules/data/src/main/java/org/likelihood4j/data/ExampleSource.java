package org.likelihood4j.data;

/** Where examples come from. */
public interface ExampleSource {
    /**
     * All of the examples, in memory.
     *
     * @throws DataException if they cannot be had; the message says what to do
     */
    Splits load(ProgressListener progress);

    /**
     * The shape of every example, by reading no more than a file's beginning.
     *
     * @throws DataException if that cannot be had
     */
    ExampleShape shape();

    /** One line for people and for a run's record: the name, and everything that decides the content. */
    String describe();
}
