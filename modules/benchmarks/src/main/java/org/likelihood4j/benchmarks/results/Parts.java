package org.likelihood4j.benchmarks.results;

import org.likelihood4j.engine.Explanation;

/**
 * Where the time of our step goes: the sum of its kernels' median times, by kind.
 *
 * @param products milliseconds of the matrix products
 * @param rate of the products, in GFLOP/s
 * @param others milliseconds of all other kernels
 * @param update milliseconds of the gradient's norm and the optimiser's pass
 */
public record Parts(String workload, double products, double rate, double others, double update) {
    public static Parts of(String workload, Explanation explanation) {
        double products = 0;
        double others = 0;
        long flops = 0;
        for (Explanation.Line kernel : explanation.kernels()) {
            if (kernel.kind().equals("product")) {
                products += kernel.microseconds() / 1e3;
                flops += kernel.flops();
            } else {
                others += kernel.microseconds() / 1e3;
            }
        }
        return new Parts(workload, products, flops / (products * 1e6), others, explanation.updateMicroseconds() / 1e3);
    }

    /** What a step of kernels that run one after the other takes. */
    public double step() {
        return products + others + update;
    }
}
