package org.likelihood4j.benchmarks;

import java.util.List;

/**
 * What one process is to measure.
 *
 * @param workloads by name; {@link #DIAGNOSTICS} among them compares ours with itself
 * @param contenders by name
 * @param full clipping and a moving average as well
 * @param memoryOnly only the memory, of one contender or none, so that nothing else may be built
 */
record Plan(
        List<String> workloads,
        List<String> contenders,
        int threads,
        double seconds,
        boolean full,
        boolean memoryOnly) {
    static final String DIAGNOSTICS = "diagnostics";

    Update update() {
        return new Update(full);
    }
}
