package org.likelihood4j.engine.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.likelihood4j.engine.cpu.arithmetic.Memory;
import org.likelihood4j.engine.cpu.arithmetic.TileMath;
import org.likelihood4j.engine.plan.Plan.Fold;
import org.likelihood4j.engine.plan.Plan.Kernel;
import org.likelihood4j.engine.plan.Plan.Reduction;
import org.likelihood4j.engine.plan.Plan.Region;
import org.likelihood4j.engine.plan.Plan.Step;

/**
 * Runs a fused kernel: tile by tile, it loads what the tile needs into registers (short arrays on the heap), computes step by step
 * there, and stores. What passes between steps never leaves the nearest caches, and the few loops of {@link TileMath} are
 * shared by all kernels, so that they are compiled early.
 */
final class FusedRunner implements Runner {
    private static final int TILE = 4096;

    /** Steps times positions, some 20 us, from which sharing pays. */
    private static final long WORTH_SHARING = 100_000;

    /** From so many rows on, narrow ones are added up side by side, {@link #WIDE} numbers at a time. */
    private static final int MANY_ROWS = 4096;

    private static final int WIDE = 512;

    private final Kernel.Fused kernel;
    /** Whole rows of a tile; with rows longer than a tile, one row comes in several tiles. */
    private final int tileRows;

    private final int tileColumns;
    private final Team team;
    private final Part[] parts;
    private final Team.Task task = this::runPart;

    /** One step, bound to memory and registers. */
    @FunctionalInterface
    private interface Action {
        /** For the rows and columns of one tile. */
        void run(int row, int rows, int column, int columns);
    }

    FusedRunner(Kernel.Fused kernel, Memory[] memories, Team team, Supplier<TileMath> maths) {
        this.kernel = kernel;
        this.team = team;
        this.tileColumns = Math.min(kernel.columns(), TILE);
        this.tileRows = Math.min(kernel.rows(), Math.max(1, TILE / tileColumns));
        long work = (long) kernel.rows() * kernel.columns() * kernel.steps().size();
        this.parts = new Part[work < WORTH_SHARING ? 1 : Math.min(team.size(), kernel.rows())];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = new Part(i, memories, maths.get());
        }
    }

    @Override
    public void run() {
        team.run(task, parts.length);
        for (int i = 0; i < parts[0].folds.size(); i++) {
            Folded first = parts[0].folds.get(i);
            for (int part = 1; part < parts.length; part++) {
                first.add(parts[part].folds.get(i));
            }
            first.write();
        }
    }

    private void runPart(int part) {
        parts[part].run();
    }

    private boolean isContiguous(Region region) {
        return region.isPlain()
                && (region.columnStride() == 1 || kernel.columns() == 1)
                && (region.rowStride() == kernel.columns() || kernel.rows() == 1);
    }

    /** Some of the rows, with registers and results of its own. */
    private final class Part {
        private final int firstRow;
        private final int endRow;
        private final TileMath math;
        private final float[][] registers;
        private final float[] column;
        /** Of bfloat16s, on their way. */
        private final short[] bits;

        private final Action[] actions;
        private final List<Folded> folds = new ArrayList<>();
        /** Whether what is the same in every tile is in its registers. */
        private boolean filled;

        Part(int number, Memory[] memories, TileMath math) {
            this.firstRow = (int) ((long) kernel.rows() * number / parts.length);
            this.endRow = (int) ((long) kernel.rows() * (number + 1) / parts.length);
            this.math = math;
            int length = (tileRows * tileColumns + TileMath.PADDING - 1) / TileMath.PADDING * TileMath.PADDING;
            this.registers = new float[kernel.registers()][length + TileMath.SKEW];
            this.column = new float[tileRows];
            this.bits = new short[tileRows * tileColumns];
            this.actions =
                    kernel.steps().stream().map(step -> bind(step, memories)).toArray(Action[]::new);
        }

        void run() {
            filled = false;
            for (int i = 0; i < folds.size(); i++) {
                folds.get(i).clear();
            }
            for (int row = firstRow; row < endRow; row += tileRows) {
                int rows = Math.min(tileRows, endRow - row);
                for (int from = 0; from < kernel.columns(); from += tileColumns) {
                    int columns = Math.min(tileColumns, kernel.columns() - from);
                    for (Action action : actions) {
                        action.run(row, rows, from, columns);
                    }
                    // Where rows come in pieces, each piece has columns of its own.
                    filled = columns == kernel.columns();
                }
            }
            for (int i = 0; i < folds.size(); i++) {
                folds.get(i).narrow();
            }
        }

        private Action bind(Step step, Memory[] memories) {
            if (step instanceof Step.Constant constant) {
                Arrays.fill(registers[constant.register()], (float) constant.value());
                return (row, rows, from, columns) -> {};
            }
            if (step instanceof Step.Load load) {
                return load(
                        registers[load.register()],
                        load.from(),
                        memories[load.from().buffer()]);
            }
            if (step instanceof Step.Compute compute) {
                float[] a = registers[compute.a()];
                float[] b = compute.b() < 0 ? a : registers[compute.b()];
                float[] out = registers[compute.out()];
                TileMath.Loop loop = math.loop(compute.operation());
                return (row, rows, from, columns) -> loop.run(a, b, out, rows * columns);
            }
            if (step instanceof Step.Store store) {
                return store(
                        registers[store.register()],
                        store.to(),
                        memories[store.to().buffer()]);
            }
            Step.Reduce reduce = (Step.Reduce) step;
            Folded bound = new Folded(
                    math,
                    reduce,
                    registers[reduce.register()],
                    memories[reduce.to().buffer()]);
            folds.add(bound);
            return bound;
        }

        private void read(Memory memory, int from, float[] to, int at, int n) {
            if (memory.isNarrow()) {
                memory.read(from, bits, n);
                math.widen(bits, to, at, n);
            } else {
                memory.read(from, to, at, n);
            }
        }

        private void write(Memory memory, float[] from, int at, int to, int n) {
            if (memory.isNarrow()) {
                math.narrow(from, at, bits, n);
                memory.write(bits, to, n);
            } else {
                memory.write(from, at, to, n);
            }
        }

        private Action load(float[] register, Region region, Memory memory) {
            int offset = region.offset();
            int stride = region.rowStride();
            if (!region.isPlain() || region.columnStride() > 1) {
                return loadAnywhere(register, region, memory);
            }
            if (isContiguous(region) && (region.columnStride() == 1 || kernel.rows() > 1)) {
                return (row, rows, from, columns) ->
                        read(memory, offset + row * kernel.columns() + from, register, 0, rows * columns);
            }
            if (region.columnStride() == 1 && stride == 0) {
                return (row, rows, from, columns) -> {
                    if (!filled) {
                        for (int r = 0; r < tileRows; r++) {
                            read(memory, offset + from, register, r * columns, columns);
                        }
                    }
                };
            }
            if (region.columnStride() == 1) {
                return (row, rows, from, columns) -> {
                    for (int r = 0; r < rows; r++) {
                        read(memory, offset + (row + r) * stride + from, register, r * columns, columns);
                    }
                };
            }
            if (stride == 0) {
                return (row, rows, from, columns) -> {
                    if (!filled) {
                        Arrays.fill(register, memory.read(offset));
                    }
                };
            }
            if (stride == 1) {
                return (row, rows, from, columns) -> {
                    read(memory, offset + row, column, 0, rows);
                    for (int r = 0; r < rows; r++) {
                        Arrays.fill(register, r * columns, (r + 1) * columns, column[r]);
                    }
                };
            }
            return (row, rows, from, columns) -> {
                for (int r = 0; r < rows; r++) {
                    float value = memory.read(offset + (row + r) * stride);
                    Arrays.fill(register, r * columns, (r + 1) * columns, value);
                }
            };
        }

        /** Repeated rows, and rows that are columns in memory. */
        private Action loadAnywhere(float[] register, Region region, Memory memory) {
            return switch (region.columnStride()) {
                case 0 ->
                    (row, rows, from, columns) -> {
                        for (int r = 0; r < rows; r++) {
                            float value = memory.read(region.at(row + r, 0));
                            Arrays.fill(register, r * columns, (r + 1) * columns, value);
                        }
                    };
                case 1 ->
                    (row, rows, from, columns) -> {
                        for (int r = 0; r < rows; r++) {
                            read(memory, region.at(row + r, from), register, r * columns, columns);
                        }
                    };
                default ->
                    (row, rows, from, columns) -> {
                        for (int r = 0; r < rows; r++) {
                            int at = region.at(row + r, from);
                            for (int c = 0; c < columns; c++) {
                                register[r * columns + c] = memory.read(at + c * region.columnStride());
                            }
                        }
                    };
            };
        }

        private Action store(float[] register, Region region, Memory memory) {
            int offset = region.offset();
            int stride = region.rowStride();
            if (isContiguous(region)) {
                return (row, rows, from, columns) ->
                        write(memory, register, 0, offset + row * kernel.columns() + from, rows * columns);
            }
            return (row, rows, from, columns) -> {
                for (int r = 0; r < rows; r++) {
                    write(memory, register, r * columns, offset + (row + r) * stride + from, columns);
                }
            };
        }
    }

    /** What one step folds, collected on the heap over the whole pass. */
    private final class Folded implements Action {
        private final Fold fold;
        private final Reduction over;
        private final TileMath math;
        private final float[] register;
        private final Region to;
        private final Memory memory;
        private final float[] values;
        /** The sums of rows that stand side by side, as long as the pass lasts; null where each row is added on its own. */
        private final float[] wide;

        private double total;
        private float largest;

        Folded(TileMath math, Step.Reduce step, float[] register, Memory memory) {
            this.math = math;
            this.fold = step.fold();
            this.over = step.over();
            this.register = register;
            this.to = step.to();
            this.memory = memory;
            this.values = new float
                    [switch (over) {
                        case ALL -> 1;
                        case ROWS -> kernel.columns();
                        case GROUPS -> to.period() * kernel.columns();
                        case COLUMNS -> kernel.rows();
                    }];
            boolean narrow = kernel.rows() >= MANY_ROWS && kernel.columns() <= WIDE / 4;
            this.wide = narrow && over == Reduction.ROWS && fold == Fold.SUM
                    ? new float[WIDE / kernel.columns() * kernel.columns()]
                    : null;
        }

        /** Adds up what stands side by side. */
        void narrow() {
            if (wide != null) {
                for (int from = 0; from < wide.length; from += values.length) {
                    math.add(wide, from, values, 0, values.length);
                }
                Arrays.fill(wide, 0);
            }
        }

        void clear() {
            Arrays.fill(values, fold == Fold.SUM ? 0 : Float.NEGATIVE_INFINITY);
            total = 0;
            largest = Float.NEGATIVE_INFINITY;
        }

        @Override
        public void run(int row, int rows, int from, int columns) {
            if (fold == Fold.SUM) {
                sum(row, rows, from, columns);
            } else {
                max(row, rows, from, columns);
            }
        }

        private void sum(int row, int rows, int from, int columns) {
            if (wide != null) {
                int size = rows * columns;
                for (int at = 0; at < size; at += wide.length) {
                    math.add(register, at, wide, 0, Math.min(wide.length, size - at));
                }
                return;
            }
            switch (over) {
                case ALL -> total += math.sum(register, 0, rows * columns);
                case ROWS, GROUPS -> {
                    for (int r = 0; r < rows; r++) {
                        math.add(register, r * columns, values, place(row + r, from), columns);
                    }
                }
                case COLUMNS -> {
                    for (int r = 0; r < rows; r++) {
                        values[row + r] += (float) math.sum(register, r * columns, columns);
                    }
                }
            }
        }

        private void max(int row, int rows, int from, int columns) {
            switch (over) {
                case ALL -> largest = Math.max(largest, math.max(register, 0, rows * columns));
                case ROWS, GROUPS -> {
                    for (int r = 0; r < rows; r++) {
                        math.max(register, r * columns, values, place(row + r, from), columns);
                    }
                }
                case COLUMNS -> {
                    for (int r = 0; r < rows; r++) {
                        values[row + r] = Math.max(values[row + r], math.max(register, r * columns, columns));
                    }
                }
            }
        }

        /** Where a row's columns from one on are among the values. */
        private int place(int row, int from) {
            return over == Reduction.ROWS ? from : to.row(row) * kernel.columns() + from;
        }

        /** Adds another part's. */
        void add(Folded other) {
            total += other.total;
            largest = Math.max(largest, other.largest);
            for (int i = 0; i < values.length; i++) {
                values[i] = fold == Fold.SUM ? values[i] + other.values[i] : Math.max(values[i], other.values[i]);
            }
        }

        void write() {
            if (over == Reduction.ALL) {
                values[0] = fold == Fold.SUM ? (float) total : largest;
            }
            memory.write(values, 0, to.offset(), values.length);
        }
    }
}
