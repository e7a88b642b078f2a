package org.likelihood4j.benchmarks;

import java.util.List;
import org.likelihood4j.benchmarks.results.FormTime;
import org.likelihood4j.benchmarks.results.Peaks;
import org.likelihood4j.benchmarks.work.Phase;

/**
 * What a process says when its contender has been found to agree with the reference, or is made.
 *
 * @param present whether the contender can do the workload at all
 * @param way by which it should be made, as {@link Seat#way}
 * @param form of a contender that has several, else empty
 * @param phases that it can do by itself
 * @param peakMebibytes the largest resident set while it had nothing but this contender
 * @param forms of libtorch, against each other
 * @param peaks of the machine, from the process that measures it, else null
 */
record Ready(
        boolean present,
        int way,
        String form,
        List<Phase> phases,
        long peakMebibytes,
        List<FormTime> forms,
        Peaks peaks) {}
