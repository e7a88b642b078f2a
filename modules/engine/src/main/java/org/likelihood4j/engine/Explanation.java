package org.likelihood4j.engine;

import java.util.List;

/**
 * A compiled training step, laid open.
 *
 * @param kernels in the order in which they run
 * @param updateMicroseconds median time of the gradient's norm and the optimiser's pass
 * @param operations of the graph that the kernels replace
 * @param operationBytes what those operations would read and write, each on its own
 * @param arenaBytes memory that the values between kernels share
 * @param planningSeconds that it took to make the kernels of the graph, once
 */
public record Explanation(
        List<Line> kernels,
        double updateMicroseconds,
        int operations,
        long operationBytes,
        long arenaBytes,
        double planningSeconds) {
    public Explanation {
        kernels = List.copyOf(kernels);
    }

    /**
     * One kernel.
     *
     * @param kind product, convolution, fused, select or library
     * @param narrow whether it is a product or a convolution of bfloat16s
     * @param shape of what it computes
     * @param what it does and which named tensors it reads
     * @param flops floating-point operations
     * @param bytes that it reads and writes
     * @param microseconds median time
     */
    public record Line(
            String kind, boolean narrow, String shape, String what, long flops, long bytes, double microseconds) {}

    /** Bytes that the kernels read and write. */
    public long bytes() {
        return kernels.stream().mapToLong(Line::bytes).sum();
    }
}
