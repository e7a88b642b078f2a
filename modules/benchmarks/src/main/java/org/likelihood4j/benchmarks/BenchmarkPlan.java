package org.likelihood4j.benchmarks;

import java.util.List;
import org.likelihood4j.benchmarks.libtorch.Libtorch;
import org.likelihood4j.benchmarks.ours.OurEngine;
import org.likelihood4j.benchmarks.ours.Reporting;
import org.likelihood4j.benchmarks.work.Workloads;

/**
 * What is measured with one number of threads.
 *
 * @param workloads by name; {@link Workloads#DIAGNOSTICS} among them compares ours with itself
 * @param contenders by name
 * @param full clipping and a moving average as well
 */
record BenchmarkPlan(List<String> workloads, List<String> contenders, int threads, double seconds, boolean full) {
    /** Who takes part in a workload, in the order of turns. */
    List<String> contenders(String workload) {
        return workload.equals(Workloads.DIAGNOSTICS) ? Reporting.NAMES : contenders;
    }

    /** Whose time the others' are divided by. */
    static String base(String workload) {
        return workload.equals(Workloads.DIAGNOSTICS)
                ? Reporting.NAMES.get(0)
                : OurEngine.best().name();
    }

    Seat seat(String workload, String contender) {
        return new Seat(workload, contender, Seat.CHECK, threads, seconds, full, false);
    }

    /** The yardstick's. */
    Seat machine() {
        return new Seat("", Seat.MACHINE, Seat.CHECK, threads, 0, full, contenders.contains(Libtorch.NAME));
    }
}
