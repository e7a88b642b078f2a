package org.likelihood4j.engine.cpu;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.FloatPointer;
import org.likelihood4j.engine.plan.Plan.Kernel;
import org.likelihood4j.engine.plan.Plan.Region;

/**
 * Runs a matrix product with oneDNN, whose generated code is the fastest for the narrow matrices of a batch.
 *
 * <p>The team shares large products, each thread calling oneDNN for one thread: its own threads would sleep between products, and
 * waking them takes longer than many a product.
 */
final class ProductRunner implements Runner {
    /** Operations, some 50 us, from which sharing pays. */
    private static final long WORTH_SHARING = 4_000_000;

    private static final int CACHE_LINE = 16;

    private final Kernel.Product product;
    private final Team team;
    private final Part[] parts;
    private final Team.Task task;

    /** Some of the result's columns, or of its rows. */
    private record Part(FloatPointer a, FloatPointer b, FloatPointer out, int rows, int columns) {}

    ProductRunner(Kernel.Product product, Memory[] memories, Team team) {
        this.product = product;
        this.team = team;
        long work = 2L * product.rows() * product.columns() * product.inner();
        boolean shared = team.size() > 1 && work >= WORTH_SHARING;
        // The longer side, of which each part has a multiple of a cache line.
        boolean byRows = product.rows() > product.columns();
        int length = byRows ? product.rows() : product.columns();
        int count = shared ? Math.min(team.size(), Math.max(1, length / (4 * CACHE_LINE))) : 1;
        this.parts = new Part[count];
        for (int i = 0; i < count; i++) {
            int from = cut(length, i, count);
            int to = cut(length, i + 1, count);
            int row = byRows ? from : 0;
            int column = byRows ? 0 : from;
            parts[i] = new Part(
                    at(
                            memories,
                            product.a(),
                            product.transposeA() ? row : row * product.a().rowStride()),
                    at(
                            memories,
                            product.b(),
                            product.transposeB() ? column * product.b().rowStride() : column),
                    at(memories, product.out(), row * product.out().rowStride() + column),
                    byRows ? to - from : product.rows(),
                    byRows ? product.columns() : to - from);
        }
        this.task = part -> multiply(parts[part]);
    }

    private static int cut(int length, int part, int count) {
        return part == count ? length : (int) ((long) length * part / count) / CACHE_LINE * CACHE_LINE;
    }

    private static FloatPointer at(Memory[] memories, Region region, int element) {
        return memories[region.buffer()].at(region.offset() + element);
    }

    @Override
    public void run() {
        if (team.size() == 1) {
            multiply(parts[0]);
            return;
        }
        int threads = Native.computeWithOneThread();
        try {
            team.run(task, parts.length);
        } finally {
            Native.computeWith(threads);
        }
    }

    private void multiply(Part part) {
        int status = dnnl.dnnl_sgemm(
                (byte) (product.transposeA() ? 'T' : 'N'),
                (byte) (product.transposeB() ? 'T' : 'N'),
                part.rows(),
                part.columns(),
                product.inner(),
                1f,
                part.a(),
                product.a().rowStride(),
                part.b(),
                product.b().rowStride(),
                0f,
                part.out(),
                product.out().rowStride());
        if (status != dnnl.dnnl_success) {
            throw new IllegalStateException("oneDNN refuses the product " + product + ": status " + status);
        }
    }
}
