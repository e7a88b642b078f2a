package org.likelihood4j.benchmarks.results;

/** How a form of libtorch's twin did against the other forms: the fastest one represents it. */
public record FormTime(String workload, String form, Quartiles milliseconds) {}
