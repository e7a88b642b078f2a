package org.likelihood4j.engine.cpu;

import org.likelihood4j.engine.cpu.arithmetic.Memory;
import org.likelihood4j.engine.plan.Plan.Kernel;

/** Copies columns in another order, row by row. */
final class SelectRunner implements Runner {
    private final Kernel.Select select;
    private final Memory in;
    private final Memory out;
    private final int[] columns;
    private final float[] from;
    private final float[] to;

    SelectRunner(Kernel.Select select, Memory[] memories) {
        this.select = select;
        this.in = memories[select.in().buffer()];
        this.out = memories[select.out().buffer()];
        int last = select.columns().stream().mapToInt(Integer::intValue).max().orElse(-1);
        // One more, which is always 0, for the columns that nothing is copied to.
        this.from = new float[last + 2];
        this.to = new float[select.columns().size()];
        this.columns = select.columns().stream()
                .mapToInt(column -> column < 0 ? last + 1 : column)
                .toArray();
    }

    @Override
    public void run() {
        for (int row = 0; row < select.rows(); row++) {
            in.read(select.in().offset() + row * select.in().rowStride(), from, 0, from.length - 1);
            for (int i = 0; i < to.length; i++) {
                to[i] = from[columns[i]];
            }
            out.write(to, 0, select.out().offset() + row * select.out().rowStride(), to.length);
        }
    }
}
