package org.likelihood4j.benchmarks.results;

import org.likelihood4j.benchmarks.work.Phase;

/** The yardstick's rate while a workload and phase were measured, as shares of the best rate seen. */
public record Unrest(String workload, Phase phase, Quartiles shares) {}
