package org.likelihood4j.benchmarks;

import org.likelihood4j.benchmarks.work.Update;

/**
 * What one process is there for.
 *
 * @param workload by name; the machine's yardstick has none
 * @param contender by name; {@link #NOBODY} only makes the data
 * @param way by its number, of those to make the contender that {@link Contenders#ways} knows: it is made and timed. {@link #CHECK}
 *     holds all of them against the reference, and chooses; a process for that alone, because the reference needs far more
 *     memory than steps do, and the processes of all contenders stand beside each other
 * @param seconds for which libtorch's forms are compared at the most
 * @param full clipping and a moving average as well
 * @param torch whether libtorch may be loaded to measure the machine
 */
record Seat(String workload, String contender, int way, int threads, double seconds, boolean full, boolean torch) {
    /** Large matrix products, of which nobody's steps are made. */
    static final String MACHINE = "machine";

    static final String NOBODY = "(none)";

    static final int CHECK = -1;

    /** The same with a way that has been checked. */
    Seat with(int chosen) {
        return new Seat(workload, contender, chosen, threads, seconds, full, torch);
    }

    Update update() {
        return new Update(full);
    }

    @Override
    public String toString() {
        return contender + (workload.isEmpty() ? "" : " on " + workload) + " with " + threads
                + (threads == 1 ? " thread" : " threads");
    }
}
