package org.likelihood4j.benchmarks.results;

/**
 * The best rate of a large float32 matrix product, in GFLOP/s.
 *
 * @param nd4j by ND4J
 * @param oneDnn by oneDNN, which our engine multiplies with
 * @param libtorch by libtorch; 0 where it takes no part
 * @param build what libtorch says of its own build, such as its library of matrix products
 */
public record Peaks(double nd4j, double oneDnn, double libtorch, String build) {
    public double best() {
        return Math.max(Math.max(nd4j, oneDnn), libtorch);
    }
}
