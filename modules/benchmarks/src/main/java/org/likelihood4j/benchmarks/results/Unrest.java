package org.likelihood4j.benchmarks;

/** The yardstick's rate while a workload and phase were measured, as shares of the best rate seen. */
record Unrest(String workload, Phase phase, Quartiles shares) {}
