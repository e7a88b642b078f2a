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
 * @param arena the memory that buffers share, in numbers of float32, each from its first writer to its last reader
 */
public record Plan(List<Buffer> buffers, List<Kernel> kernels, List<Integer> outputs, long arena) {
    public Plan {
        buffers = List.copyOf(buffers);
        kernels = List.copyOf(kernels);
        outputs = List.copyOf(outputs);
    }

    /** How a number stands in memory. */
    public enum Storage {
        FLOAT32(Float.BYTES),
        /** {@link Bfloat16}: what is written is rounded. */
        BFLOAT16(Short.BYTES);

        private final int bytes;

        Storage(int bytes) {
            this.bytes = bytes;
        }

        /** Of one number. */
        public int bytes() {
            return bytes;
        }
    }

    /**
     * A matrix in memory, row after row.
     *
     * @param label what it holds, for people
     */
    public record Buffer(int id, String label, int rows, int columns, Storage storage, Place place) {
        public long size() {
            return (long) rows * columns;
        }

        /** Of all its numbers. */
        public long bytes() {
            return size() * storage.bytes();
        }
    }

    /** Where a buffer is; offsets are in numbers of float32. */
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
        /**
         * {@code out = op(a) op(b)}, where op may transpose; {@code out [rows, columns]}, {@code inner} summed over.
         *
         * @param narrow whether its factors are {@link Bfloat16}s; sums are float32
         */
        record Product(
                boolean transposeA,
                boolean transposeB,
                boolean narrow,
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
         * @param narrow whether it multiplies {@link Bfloat16}s, and rounds what stands in float32 itself; sums are float32
         * @param a x, or the gradient with respect to y for {@link Direction#DATA}
         * @param b w, or the gradient with respect to y for {@link Direction#WEIGHTS}
         * @param bias a row that is added to each row of y; null for none
         * @param rectified whether what is below 0 then becomes 0
         */
        record Convolution(
                ConvolutionShape shape,
                Direction direction,
                boolean narrow,
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

    /** Bytes that a kernel reads or writes, counting what is repeated once. */
    public long traffic(Kernel kernel) {
        if (kernel instanceof Kernel.Product p) {
            return bytes((long) p.rows() * p.inner(), p.a())
                    + bytes((long) p.inner() * p.columns(), p.b())
                    + bytes((long) p.rows() * p.columns(), p.out());
        }
        if (kernel instanceof Kernel.Convolution convolution) {
            return traffic(convolution);
        }
        if (kernel instanceof Kernel.Select select) {
            return bytes(2L * select.rows() * select.columns().size(), select.out());
        }
        if (kernel instanceof Kernel.Fused fused) {
            return fused.steps().stream()
                    .mapToLong(step -> traffic(fused, step))
                    .sum();
        }
        Kernel.Library library = (Kernel.Library) kernel;
        long bytes = 0;
        for (List<Integer> side : List.of(library.inputs(), library.outputs())) {
            for (int buffer : side) {
                bytes += buffer < 0 ? 0 : buffers.get(buffer).bytes();
            }
        }
        return bytes;
    }

    private long bytes(long numbers, Region region) {
        return numbers * buffers.get(region.buffer()).storage().bytes();
    }

    private long traffic(Kernel.Convolution convolution) {
        ConvolutionShape shape = convolution.shape();
        long x = (long) shape.rows() * shape.in();
        long w = (long) shape.taps() * shape.out();
        long y = (long) shape.outRows() * shape.out();
        Region a = convolution.a();
        Region b = convolution.b();
        Region out = convolution.out();
        return switch (convolution.direction()) {
            case FORWARD -> bytes(x, a) + bytes(w, b) + bytes(y, out);
            case DATA -> bytes(y, a) + bytes(w, b) + bytes(x, out);
            case WEIGHTS -> bytes(x, a) + bytes(y, b) + bytes(w, out);
        };
    }

    private long traffic(Kernel.Fused fused, Step step) {
        if (step instanceof Step.Load load) {
            Region from = load.from();
            long different = fused.rows() / from.each();
            long rows = from.period() == 0 ? different : from.period();
            return bytes((from.rowStride() == 0 ? 1L : rows) * (from.columnStride() == 0 ? 1L : fused.columns()), from);
        }
        if (step instanceof Step.Store store) {
            return bytes((long) fused.rows() * fused.columns(), store.to());
        }
        if (step instanceof Step.Reduce reduce) {
            long numbers = switch (reduce.over()) {
                case ALL -> 1;
                case ROWS -> fused.columns();
                case GROUPS -> (long) reduce.to().period() * fused.columns();
                case COLUMNS -> fused.rows();
            };
            return bytes(numbers, reduce.to());
        }
        return 0;
    }
}
