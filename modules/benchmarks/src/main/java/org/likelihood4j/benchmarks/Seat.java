package org.likelihood4j.benchmarks;

import org.likelihood4j.benchmarks.work.Update;

/**
 * What one process is there for.
 *
 * @param workload by name; the machine's yardstick has none
 * @param contender by name; {@link #NOBODY} only makes the data
 * @param seconds for which libtorch's forms are compared at the most
 * @param full clipping and a moving average as well
 * @param torch whether libtorch may be loaded to measure the machine
 */
record Seat(String workload, String contender, int threads, double seconds, boolean full, boolean torch) {
    /** Large matrix products, of which nobody's steps are made. */
    static final String MACHINE = "machine";

    static final String NOBODY = "(none)";

    Update update() {
        return new Update(full);
    }

    @Override
    public String toString() {
        return contender + (workload.isEmpty() ? "" : " on " + workload) + " with " + threads
                + (threads == 1 ? " thread" : " threads");
    }
}
