package org.likelihood4j.engine.cpu;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.likelihood4j.engine.cpu.arithmetic.Memory;
import org.likelihood4j.engine.cpu.onednn.Isa;
import org.likelihood4j.engine.cpu.onednn.PreparedProduct;
import org.likelihood4j.engine.cpu.onednn.PreparedProduct.Operand;
import org.likelihood4j.engine.plan.Plan.Kernel;
import org.likelihood4j.engine.plan.Plan.Region;

/**
 * Runs a matrix product with oneDNN, whose generated code is the fastest for the narrow matrices of a batch, or where there is no
 * oneDNN with ND4J's own product.
 *
 * <p>The team shares large products, each thread calling oneDNN for one thread: its own threads would sleep between products, and
 * waking them takes longer than many a product.
 */
final class ProductRunner implements Runner {
    /** Operations, some 50 us, from which sharing pays. */
    private static final long WORTH_SHARING = 4_000_000;

    private static final int CACHE_LINE = 16;

    /** Columns of a weight's gradient that are computed together: with 1,024 all its rows meet in the same places of the caches. */
    private static final int STRIP = 512;

    private final Kernel.Product product;
    private final Team team;
    /** Null with oneDNN; else nothing below is used. */
    private final LibraryProduct library;

    private final Part[] parts;
    private final Team.Task task;

    /**
     * Some of the result's columns, or of its rows.
     *
     * @param prepared runs it, or null where {@code sgemm} does
     */
    private record Part(Pointer a, Pointer b, Pointer out, int rows, int columns, PreparedProduct prepared) {}

    ProductRunner(Kernel.Product product, Memory[] memories, Team team) {
        this(product, memories, team, Isa.hasOneDnn());
    }

    ProductRunner(Kernel.Product product, Memory[] memories, Team team, boolean oneDnn) {
        this.product = product;
        this.team = team;
        if (!oneDnn) {
            this.library = new LibraryProduct(product, memories);
            this.parts = new Part[0];
            this.task = null;
            return;
        }
        this.library = null;
        long work = 2L * product.rows() * product.columns() * product.inner();
        boolean shared = team.size() > 1 && work >= WORTH_SHARING;
        // The longer side, of which each part has a multiple of a cache line.
        boolean byRows = product.rows() > product.columns();
        int length = byRows ? product.rows() : product.columns();
        int threads = shared ? Math.min(team.size(), Math.max(1, length / (4 * CACHE_LINE))) : 1;
        int strips = product.transposeA() && !byRows && !product.narrow() ? length / STRIP : 1;
        int count = Math.max(threads, strips);
        this.parts = new Part[count];
        // What is prepared, is prepared for as many threads as this one computes with.
        int before = Native.computeWithOneThread();
        for (int i = 0; i < count; i++) {
            int from = cut(length, i, count);
            int to = cut(length, i + 1, count);
            int row = byRows ? from : 0;
            int column = byRows ? 0 : from;
            parts[i] = part(
                    memories, row, column, byRows ? to - from : product.rows(), byRows ? product.columns() : to - from);
        }
        Native.computeWith(before);
        this.task = part -> multiply(parts[part]);
    }

    @Override
    public void close() {
        for (Part part : parts) {
            if (part.prepared() != null) {
                part.prepared().close();
            }
        }
    }

    private Part part(Memory[] memories, int row, int column, int rows, int columns) {
        Region a = product.a();
        Region b = product.b();
        Region out = product.out();
        Pointer atA = at(memories, a, product.transposeA() ? row : row * a.rowStride());
        Pointer atB = at(memories, b, product.transposeB() ? column * b.rowStride() : column);
        Pointer atOut = at(memories, out, row * out.rowStride() + column);
        boolean prepared = product.narrow() || (Isa.isAvx512() && product.transposeB() && !product.transposeA());
        return new Part(
                atA,
                atB,
                atOut,
                rows,
                columns,
                prepared
                        ? new PreparedProduct(
                                operand(atA, rows, product.inner(), a.rowStride(), product.transposeA()),
                                operand(atB, product.inner(), columns, b.rowStride(), product.transposeB()),
                                new Operand(atOut, rows, columns, out.rowStride(), 1))
                        : null);
    }

    private static Operand operand(Pointer at, int rows, int columns, int stride, boolean transposed) {
        return new Operand(at, rows, columns, transposed ? 1 : stride, transposed ? stride : 1);
    }

    private static int cut(int length, int part, int count) {
        return part == count ? length : (int) ((long) length * part / count) / CACHE_LINE * CACHE_LINE;
    }

    private static Pointer at(Memory[] memories, Region region, int element) {
        return memories[region.buffer()].at(region.offset() + element);
    }

    @Override
    public void run() {
        if (library != null) {
            library.run();
            return;
        }
        if (team.size() == 1) {
            for (Part part : parts) {
                multiply(part);
            }
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
        if (part.prepared() != null) {
            part.prepared().run();
            return;
        }
        int status = dnnl.dnnl_sgemm(
                (byte) (product.transposeA() ? 'T' : 'N'),
                (byte) (product.transposeB() ? 'T' : 'N'),
                part.rows(),
                part.columns(),
                product.inner(),
                1f,
                (FloatPointer) part.a(),
                product.a().rowStride(),
                (FloatPointer) part.b(),
                product.b().rowStride(),
                0f,
                (FloatPointer) part.out(),
                product.out().rowStride());
        if (status != dnnl.dnnl_success) {
            throw new IllegalStateException("oneDNN refuses the product " + product + ": status " + status);
        }
    }
}
