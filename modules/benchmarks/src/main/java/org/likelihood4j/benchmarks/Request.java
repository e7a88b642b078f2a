package org.likelihood4j.benchmarks;

import org.likelihood4j.benchmarks.results.Parts;
import org.likelihood4j.benchmarks.work.Phase;
import org.likelihood4j.benchmarks.work.StepBlock;

/**
 * What a process is asked for, in one line of JSON.
 *
 * @param phase of a block
 * @param count steps of a block, or runs of each kernel
 */
record Request(What what, Phase phase, int count) {
    /** Each answered by one line. */
    enum What {
        /** By a {@link StepBlock}. */
        BLOCK,
        /** By {@link Parts}. */
        EXPLAIN
    }
}
