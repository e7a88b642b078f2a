package org.likelihood4j.benchmarks.results;

import java.util.List;

/**
 * What was measured with one number of threads.
 *
 * @param peaks of the libraries' matrix products, before anything else
 * @param peak the best rate seen at any time
 * @param load of the machine in the last minute before and after
 */
public record Findings(
        int threads,
        Peaks peaks,
        double peak,
        List<Double> load,
        List<MeasuredRow> rows,
        List<Unrest> unrest,
        List<FormTime> forms,
        List<Parts> parts,
        List<MemoryUse> memory) {}
