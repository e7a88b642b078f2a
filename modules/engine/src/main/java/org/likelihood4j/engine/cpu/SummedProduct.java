package org.likelihood4j.engine.cpu;

import java.util.Arrays;
import org.likelihood4j.engine.cpu.arithmetic.Memory;
import org.likelihood4j.engine.plan.Plan.Kernel;
import org.likelihood4j.engine.plan.Plan.Region;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A small product of long sums, such as the gradient of a layer of few channels over all pixels: too narrow to share its rows or columns.
 * Each thread sums over some of the rows of both factors, and what they find is added up in the order of the parts.
 */
final class SummedProduct implements Runner {
    /** Terms from which sharing pays. */
    private static final int LONG = 4096;

    /** Rows or columns, from two of which on they are shared instead. */
    private static final int NARROW = 64;

    private final Kernel.Product product;
    private final Team team;
    private final INDArray room;
    private final Memory scratch;
    private final Memory out;
    private final ProductRunner[] parts;
    private final float[] sums;
    private final float[] term;
    private final Team.Task task = this::runPart;

    SummedProduct(Kernel.Product product, Memory[] memories, Team team) {
        this.product = product;
        this.team = team;
        int size = product.rows() * product.columns();
        this.room = Nd4j.createUninitializedDetached(DataType.FLOAT, (long) size * team.size());
        this.scratch = Memory.of(room, 0);
        this.out = memories[product.out().buffer()];
        this.sums = new float[size];
        this.term = new float[size];
        this.parts = new ProductRunner[team.size()];
        Memory[] all = Arrays.copyOf(memories, memories.length + 1);
        all[memories.length] = scratch;
        Team alone = Team.of(1);
        for (int i = 0; i < parts.length; i++) {
            int from = first(i);
            Kernel.Product part = new Kernel.Product(
                    true,
                    false,
                    product.narrow(),
                    product.rows(),
                    product.columns(),
                    first(i + 1) - from,
                    below(product.a(), from),
                    below(product.b(), from),
                    new Region(memories.length, i * size, product.columns(), 1));
            parts[i] = new ProductRunner(part, all, alone);
        }
    }

    /** Whether this is the way to share a product. */
    static boolean pays(Kernel.Product product, Team team) {
        return team.size() > 1
                && product.transposeA()
                && !product.transposeB()
                && product.inner() >= LONG
                && Math.max(product.rows(), product.columns()) < 2 * NARROW;
    }

    private int first(int part) {
        return (int) ((long) product.inner() * part / parts.length);
    }

    private static Region below(Region region, int rows) {
        return new Region(
                region.buffer(),
                region.offset() + rows * region.rowStride(),
                region.rowStride(),
                region.columnStride());
    }

    @Override
    public void run() {
        int threads = Native.computeWithOneThread();
        try {
            team.run(task, parts.length);
        } finally {
            Native.computeWith(threads);
        }
        scratch.read(0, sums, 0, sums.length);
        for (int part = 1; part < parts.length; part++) {
            scratch.read(part * term.length, term, 0, term.length);
            for (int i = 0; i < sums.length; i++) {
                sums[i] += term[i];
            }
        }
        for (int row = 0; row < product.rows(); row++) {
            out.write(
                    sums,
                    row * product.columns(),
                    product.out().offset() + row * product.out().rowStride(),
                    product.columns());
        }
    }

    private void runPart(int part) {
        parts[part].run();
    }

    @Override
    public void close() {
        for (ProductRunner part : parts) {
            part.close();
        }
        room.close();
    }
}
