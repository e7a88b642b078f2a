package org.likelihood4j.cli.progress;

import org.likelihood4j.cli.terminal.Console;

/**
 * Shows how far a long task is. Made by {@link Console#progress}.
 *
 * <p>One view serves any number of tasks in turn: {@link #start} ends the task before it.
 */
public interface ProgressView extends AutoCloseable {

    /** Begins a task of {@code total} units under the given label. */
    default void start(String label, long total) {
        start(label, 0, total);
    }

    /** Goes on with a task of which {@code done} units were done before: they tell nothing of its rate. */
    void start(String label, long done, long total);

    /**
     * Reports progress; cheap enough to call at every step.
     *
     * @param done units done so far
     * @param extra what to show beside the progress, such as the loss; may be empty
     */
    void update(long done, String extra);

    /** Prints a line of its own without breaking the progress display. */
    void message(String line);

    /** Ends the display. A second call does nothing. */
    @Override
    void close();
}
