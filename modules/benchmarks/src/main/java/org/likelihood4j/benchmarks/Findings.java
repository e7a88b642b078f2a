package org.likelihood4j.benchmarks;

import java.util.List;

/**
 * What one process measured with its number of threads.
 *
 * @param ndPeak matrix products in GFLOP/s, by ND4J
 * @param dnnPeak the same by oneDNN, which our engine multiplies with
 * @param torchPeak the same by libtorch; 0 where it did not run
 * @param load of the machine in the last minute before and after
 * @param peakMebibytes the largest resident set of the process, all contenders together
 */
record Findings(
        int threads,
        double ndPeak,
        double dnnPeak,
        double torchPeak,
        String torchBuild,
        List<Double> load,
        long peakMebibytes,
        List<Row> rows,
        List<FormTime> forms,
        List<Parts> parts,
        List<MemoryUse> memory) {
    Findings withMemory(List<MemoryUse> other) {
        return new Findings(
                threads, ndPeak, dnnPeak, torchPeak, torchBuild, load, peakMebibytes, rows, forms, parts, other);
    }
}
