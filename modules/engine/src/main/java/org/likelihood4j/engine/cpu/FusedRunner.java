package org.likelihood4j.engine.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
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
        for (int i = 0; i < parts[0].sums.size(); i++) {
            Sums first = parts[0].sums.get(i);
            for (int part = 1; part < parts.length; part++) {
                first.add(parts[part].sums.get(i));
            }
            first.write();
        }
    }

    private void runPart(int part) {
        parts[part].run();
    }

    private boolean isContiguous(Region region) {
        return (region.columnStride() == 1 || kernel.columns() == 1)
                && (region.rowStride() == kernel.columns() || kernel.rows() == 1);
    }

    /** Some of the rows, with registers and sums of its own. */
    private final class Part {
        private final int firstRow;
        private final int endRow;
        private final TileMath math;
        private final float[][] registers;
        private final float[] column;
        private final Action[] actions;
        private final List<Sums> sums = new ArrayList<>();
        /** Whether what is the same in every tile is in its registers. */
        private boolean filled;

        Part(int number, Memory[] memories, TileMath math) {
            this.firstRow = (int) ((long) kernel.rows() * number / parts.length);
            this.endRow = (int) ((long) kernel.rows() * (number + 1) / parts.length);
            this.math = math;
            int length = (tileRows * tileColumns + TileMath.PADDING - 1) / TileMath.PADDING * TileMath.PADDING;
            this.registers = new float[kernel.registers()][length + TileMath.SKEW];
            this.column = new float[tileRows];
            this.actions =
                    kernel.steps().stream().map(step -> bind(step, memories)).toArray(Action[]::new);
        }

        void run() {
            filled = false;
            for (int i = 0; i < sums.size(); i++) {
                sums.get(i).clear();
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
            Step.Sum sum = (Step.Sum) step;
            Sums bound = new Sums(
                    math,
                    sum.reduction(),
                    registers[sum.register()],
                    sum.to(),
                    memories[sum.to().buffer()]);
            sums.add(bound);
            return bound;
        }

        private Action load(float[] register, Region region, Memory memory) {
            int offset = region.offset();
            int stride = region.rowStride();
            if (isContiguous(region) && (region.columnStride() == 1 || kernel.rows() > 1)) {
                return (row, rows, from, columns) ->
                        memory.read(offset + row * kernel.columns() + from, register, 0, rows * columns);
            }
            if (region.columnStride() == 1 && stride == 0) {
                return (row, rows, from, columns) -> {
                    if (!filled) {
                        for (int r = 0; r < tileRows; r++) {
                            memory.read(offset + from, register, r * columns, columns);
                        }
                    }
                };
            }
            if (region.columnStride() == 1) {
                return (row, rows, from, columns) -> {
                    for (int r = 0; r < rows; r++) {
                        memory.read(offset + (row + r) * stride + from, register, r * columns, columns);
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
                    memory.read(offset + row, column, 0, rows);
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

        private Action store(float[] register, Region region, Memory memory) {
            int offset = region.offset();
            int stride = region.rowStride();
            if (isContiguous(region)) {
                return (row, rows, from, columns) ->
                        memory.write(register, 0, offset + row * kernel.columns() + from, rows * columns);
            }
            return (row, rows, from, columns) -> {
                for (int r = 0; r < rows; r++) {
                    memory.write(register, r * columns, offset + (row + r) * stride + from, columns);
                }
            };
        }
    }

    /** The sums of one step, collected on the heap over the whole pass. */
    private final class Sums implements Action {
        private final Reduction reduction;
        private final TileMath math;
        private final float[] register;
        private final Region to;
        private final Memory memory;
        private final float[] values;
        private double total;

        Sums(TileMath math, Reduction reduction, float[] register, Region to, Memory memory) {
            this.math = math;
            this.reduction = reduction;
            this.register = register;
            this.to = to;
            this.memory = memory;
            this.values = new float
                    [switch (reduction) {
                        case ALL -> 1;
                        case ROWS -> kernel.columns();
                        case COLUMNS -> kernel.rows();
                    }];
        }

        void clear() {
            Arrays.fill(values, 0);
            total = 0;
        }

        @Override
        public void run(int row, int rows, int from, int columns) {
            switch (reduction) {
                case ALL -> total += math.sum(register, 0, rows * columns);
                case ROWS -> {
                    for (int r = 0; r < rows; r++) {
                        math.add(register, r * columns, values, from, columns);
                    }
                }
                case COLUMNS -> {
                    for (int r = 0; r < rows; r++) {
                        values[row + r] += (float) math.sum(register, r * columns, columns);
                    }
                }
            }
        }

        /** Adds another part's. */
        void add(Sums other) {
            total += other.total;
            for (int i = 0; i < values.length; i++) {
                values[i] += other.values[i];
            }
        }

        void write() {
            if (reduction == Reduction.ALL) {
                values[0] = (float) total;
            }
            memory.write(values, 0, to.offset(), values.length);
        }
    }
}
