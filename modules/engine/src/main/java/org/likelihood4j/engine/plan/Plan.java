package org.likelihood4j.engine.plan;

import java.util.List;
import org.likelihood4j.engine.plan.ConvolutionShape.Direction;

/**
 * A computation as one static program: kernels in order, over buffers whose places are fixed. Plain data that knows nothing of
 * the machine that runs it.
 *
 * @param buffers by their number
 * @param kernels in the order in which they run
 * @param outputs the buffer of each output
 * @param arena elements of the memory that buffers share, each from its first writer to its last reader
 */
public record Plan(List<Buffer> buffers, List<Kernel> kernels, List<Integer> outputs, long arena) {
    public Plan {
        buffers = List.copyOf(buffers);
        kernels = List.copyOf(kernels);
        outputs = List.copyOf(outputs);
    }

    /**
     * A matrix in memory, row after row.
     *
     * @param label what it holds, for people
     */
    public record Buffer(int id, String label, int rows, int columns, Place place) {
        public long size() {
            return (long) rows * columns;
        }
    }

    /** Where a buffer is. */
    public sealed interface Place {
        /** In the arena, filled with an input before the first kernel. */
        record Input(String name, long offset) implements Place {}

        /** A slot of a bound vector. */
        record Vector(String name) implements Place {}

        /** A constant of the graph. */
        record Literal(String name) implements Place {}

        /** The place that the caller has for this output. */
        record Destination(int output) implements Place {}

        /** In the arena. */
        record Arena(long offset) implements Place {}
    }

    /**
     * Elements of a buffer, at {@code offset + (row / each % period) * rowStride + column * columnStride}: a stride of 0 repeats,
     * {@code each} repeats each row some times in turn, and after {@code period} different rows the first one is next.
     *
     * @param period 0 where rows never begin again
     */
    public record Region(int buffer, int offset, int rowStride, int columnStride, int each, int period) {
        /** Without repeated rows. */
        public Region(int buffer, int offset, int rowStride, int columnStride) {
            this(buffer, offset, rowStride, columnStride, 1, 0);
        }

        /** The same elements with rows as columns; of a region without repeated rows. */
        @SuppressWarnings("ArgumentSelectionDefectChecker") // the strides change places
        public Region transposed() {
            return new Region(buffer, offset, columnStride, rowStride);
        }

        /** Whether each row is the next one of the buffer. */
        public boolean isPlain() {
            return each == 1 && period == 0;
        }

        /** The row of the buffer that stands for a row. */
        public int row(int row) {
            int different = row / each;
            return period == 0 ? different : different % period;
        }

        /** The element's place in the buffer. */
        public int at(int row, int column) {
            return offset + row(row) * rowStride + column * columnStride;
        }
    }

    /** Something that runs. */
    public sealed interface Kernel {
        /** {@code out = op(a) op(b)}, where op may transpose; {@code out [rows, columns]}, {@code inner} summed over. */
        record Product(
                boolean transposeA,
                boolean transposeB,
                int rows,
                int columns,
                int inner,
                Region a,
                Region b,
                Region out)
                implements Kernel {}

        /**
         * A convolution or one of its gradients, of matrices whose rows follow each other.
         *
         * @param a x, or the gradient with respect to y for {@link Direction#DATA}
         * @param b w, or the gradient with respect to y for {@link Direction#WEIGHTS}
         * @param bias a row that is added to each row of y; null for none
         * @param rectified whether what is below 0 then becomes 0
         */
        record Convolution(
                ConvolutionShape shape,
                Direction direction,
                Region a,
                Region b,
                Region bias,
                boolean rectified,
                Region out)
                implements Kernel {}

        /** One pass over {@code rows x columns} positions, a tile of them at a time, through registers that hold a tile. */
        record Fused(int rows, int columns, int registers, List<Step> steps) implements Kernel {
            public Fused {
                steps = List.copyOf(steps);
            }
        }

        /** {@code out[:, j] = in[:, columns[j]]}, or 0 where that is -1. */
        record Select(int rows, List<Integer> columns, Region in, Region out) implements Kernel {
            public Select {
                columns = List.copyOf(columns);
            }
        }

        /**
         * An operation of ND4J, on whole buffers.
         *
         * @param operation its name in the graph
         * @param kind what it does
         * @param inputs buffers, in its order; -1 for what stays in ND4J's own memory
         * @param outputs the same
         */
        record Library(String operation, String kind, List<Integer> inputs, List<Integer> outputs) implements Kernel {
            public Library {
                inputs = List.copyOf(inputs);
                outputs = List.copyOf(outputs);
            }
        }
    }

    /** A step of a fused kernel, on one tile. */
    public sealed interface Step {
        /** The same number everywhere. */
        record Constant(int register, double value) implements Step {}

        record Load(int register, Region from) implements Step {}

        /** {@code out = operation(a, b)}; b is -1 where there is one operand. */
        record Compute(Elementwise operation, int out, int a, int b) implements Step {}

        record Store(int register, Region to) implements Step {}

        /** Makes one number of many: over rows, columns or all of the kernel's positions. */
        record Reduce(int register, Fold fold, Reduction over, Region to) implements Step {}
    }

    /** How many numbers become one. */
    public enum Fold {
        SUM,
        /** The largest; not a number if one is not. */
        MAX
    }

    /** Which numbers become one. */
    public enum Reduction {
        /** Each row's columns: one number a row. */
        COLUMNS,
        /** Each column's rows: one number a column. */
        ROWS,
        /** Each column's rows that share a row of the region: a matrix of {@link Region#period} rows. */
        GROUPS,
        ALL
    }

    /** Floating-point operations of a kernel; an elementary function counts as one. */
    public long flops(Kernel kernel) {
        if (kernel instanceof Kernel.Product p) {
            return 2L * p.rows() * p.columns() * p.inner();
        }
        if (kernel instanceof Kernel.Convolution convolution) {
            ConvolutionShape shape = convolution.shape();
            return 2L * shape.outRows() * shape.out() * shape.taps();
        }
        if (kernel instanceof Kernel.Fused fused) {
            long perPosition = fused.steps().stream()
                    .filter(step -> step instanceof Step.Compute || step instanceof Step.Reduce)
                    .count();
            return perPosition * fused.rows() * fused.columns();
        }
        return 0;
    }

    /** Elements that a kernel reads or writes, counting what is repeated once. */
    public long traffic(Kernel kernel) {
        if (kernel instanceof Kernel.Product p) {
            return (long) p.rows() * p.inner() + (long) p.inner() * p.columns() + (long) p.rows() * p.columns();
        }
        if (kernel instanceof Kernel.Convolution convolution) {
            ConvolutionShape shape = convolution.shape();
            return (long) shape.rows() * shape.in()
                    + (long) shape.taps() * shape.out()
                    + (long) shape.outRows() * shape.out();
        }
        if (kernel instanceof Kernel.Select select) {
            return 2L * select.rows() * select.columns().size();
        }
        if (kernel instanceof Kernel.Fused fused) {
            return fused.steps().stream()
                    .mapToLong(step -> traffic(fused, step))
                    .sum();
        }
        Kernel.Library library = (Kernel.Library) kernel;
        long elements = 0;
        for (List<Integer> side : List.of(library.inputs(), library.outputs())) {
            for (int buffer : side) {
                elements += buffer < 0 ? 0 : buffers.get(buffer).size();
            }
        }
        return elements;
    }

    private static long traffic(Kernel.Fused fused, Step step) {
        if (step instanceof Step.Load load) {
            Region from = load.from();
            long different = fused.rows() / from.each();
            long rows = from.period() == 0 ? different : from.period();
            return (from.rowStride() == 0 ? 1L : rows) * (from.columnStride() == 0 ? 1L : fused.columns());
        }
        if (step instanceof Step.Store) {
            return (long) fused.rows() * fused.columns();
        }
        if (step instanceof Step.Reduce reduce) {
            return switch (reduce.over()) {
                case ALL -> 1;
                case ROWS -> fused.columns();
                case GROUPS -> (long) reduce.to().period() * fused.columns();
                case COLUMNS -> fused.rows();
            };
        }
        return 0;
    }
}
