package org.likelihood4j.engine;

/**
 * Whole steps, inputs and update included, that a device takes one behind the other while the host reads earlier ones. The device decides by itself whether a
 * step updates: after a loss or a norm that is not finite none does, until {@link #restart}. One thread at a time.
 */
public interface StepQueue {
    /**
     * An optimiser step whose inputs the device makes.
     *
     * @param learningRate this step's; the schedule belongs to the caller
     * @param feed what it is fed with
     */
    record Step(double learningRate, StepFeed feed) {}

    /** How many steps may have begun and not been read. */
    int depth();

    /** Begins a step. */
    void begin(Step step);

    /**
     * Waits for the oldest step that has not been read.
     *
     * @return its gradient's norm before clipping
     */
    double await();

    /** Reads an output of the step that was waited for last, before another one begins. */
    void read(int output, float[] values);

    /** Forgets the step that was waited for last, whose numbers are not finite, and those that have begun behind it: nothing was updated by any of them. */
    void restart();
}
