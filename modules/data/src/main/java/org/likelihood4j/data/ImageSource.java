package org.likelihood4j.data;

/** Where images come from. */
public interface ImageSource {
    /**
     * All of the images, in memory.
     *
     * @throws DataException if they cannot be had; the message says what to do
     */
    Splits load(ProgressListener progress);

    /** One line for people and for a run's record: the name, and everything that decides the content. */
    String describe();
}
