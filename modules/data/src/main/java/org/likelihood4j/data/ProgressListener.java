package org.likelihood4j.data;

/** Hears how far a slow piece of work has come. Called by one thread at a time, though not always by the same one. */
@FunctionalInterface
public interface ProgressListener {
    /**
     * Reports how far the work is.
     *
     * @param what what is going on, for people, such as {@code "drawing digits"}
     * @param done how much is done; grows while {@code what} stays the same
     * @param total how much there is in all, or -1 if that is not known
     */
    void progress(String what, long done, long total);

    /**
     * Whether the work is no longer wanted. Work that can be left asks between its pieces, and ends with a {@link
     * java.util.concurrent.CancellationException}; from any thread.
     */
    default boolean cancelled() {
        return false;
    }

    /** Hears one line, for people, on what was found in the data and what was made of it. */
    default void note(String line) {}

    /** A listener that does nothing. */
    static ProgressListener none() {
        return (what, done, total) -> {};
    }
}
