package org.likelihood4j.engine.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import org.likelihood4j.engine.plan.ConvolutionShape.Direction;
import org.likelihood4j.engine.plan.Plan.Buffer;
import org.likelihood4j.engine.plan.Plan.Fold;
import org.likelihood4j.engine.plan.Plan.Kernel;
import org.likelihood4j.engine.plan.Plan.Place;
import org.likelihood4j.engine.plan.Plan.Region;
import org.likelihood4j.engine.plan.Plan.Step;
import org.likelihood4j.engine.plan.Plan.Storage;

/**
 * Runs a plan in plain loops, number by number, in float64: what a plan means. Devices that run plans fast are held against it, and
 * it needs no tensor library.
 *
 * <p>It keeps to the plan's places: values share the arena as the plan says, and what no kernel has written yet is not a number,
 * so that a place that is taken too early, or read too early, shows in the results. What is stored in bfloat16, and what is
 * multiplied so, is rounded exactly as a device does it.
 *
 * <p>How exact a device must be, it can tell as well: {@code rounding} is applied to every number that a kernel computes, the partial
 * sums of products and folds included. With a random last digit of float32 (D. S. Parker, Monte Carlo arithmetic, 1997) the results
 * move by as much as a device's may.
 */
public final class PlanInterpreter {
    /** Where the plan's outside numbers come from; row after row. */
    public interface Values {
        /** What a run is handed. */
        double[] input(String name);

        /** A slot of a bound vector. */
        double[] vector(String name);

        /** A constant of the graph. */
        double[] literal(String name);

        /**
         * Runs an operation of the library, if there is somebody who can.
         *
         * @param inputs copies of the buffers, null where the operation has its own
         * @param outputs to be filled; null where nobody reads them
         */
        default void library(Kernel.Library kernel, List<double[]> inputs, List<double[]> outputs) {
            throw new UnsupportedOperationException(
                    "operation " + kernel.operation() + " (" + kernel.kind() + ") is the library's");
        }
    }

    /** Whose results need no rounding. */
    private static final Set<Elementwise> EXACT = EnumSet.of(
            Elementwise.COPY,
            Elementwise.BFLOAT16,
            Elementwise.NEG,
            Elementwise.ABS,
            Elementwise.SIGN,
            Elementwise.ROUND,
            Elementwise.RELU,
            Elementwise.MAX,
            Elementwise.MIN,
            Elementwise.LESS,
            Elementwise.EQUAL,
            Elementwise.RELU_GRADIENT);

    /** Of a number of float32 in the arena, where bfloat16s take one each. */
    private static final int PLACES = Storage.FLOAT32.bytes() / Storage.BFLOAT16.bytes();

    /**
     * A buffer: some memory, which buffers share, where it begins there, and how far it is to the next number.
     *
     * @param narrow whether what is written is rounded to bfloat16
     */
    @SuppressWarnings("ArrayRecordComponent")
    private record Memory(double[] numbers, int offset, int step, boolean narrow) {
        static Memory outside(double[] numbers) {
            return new Memory(numbers, 0, 1, false);
        }

        double get(int element) {
            return numbers[offset + element * step];
        }

        void set(int element, double value) {
            int at = offset + element * step;
            // A bfloat16 that should still be in the second half would be seen.
            Arrays.fill(numbers, at, at + step, Double.NaN);
            numbers[at] = narrow ? Elementwise.BFLOAT16.apply(value, 0) : value;
        }
    }

    private final Plan plan;
    private final Values values;
    private final DoubleUnaryOperator rounding;
    private final List<Memory> memories = new ArrayList<>();

    private PlanInterpreter(Plan plan, Values values, DoubleUnaryOperator rounding) {
        this.plan = plan;
        this.values = values;
        this.rounding = rounding;
        double[] arena = new double[Math.toIntExact(PLACES * plan.arena())];
        Arrays.fill(arena, Double.NaN);
        for (Buffer buffer : plan.buffers()) {
            memories.add(memory(buffer, arena));
        }
    }

    /**
     * Runs once.
     *
     * @return the outputs, those with places of the caller's among them
     */
    public static List<double[]> run(Plan plan, Values values) {
        return run(plan, values, DoubleUnaryOperator.identity());
    }

    /**
     * Runs once with less exact arithmetic.
     *
     * @param rounding of each number that is computed, such as {@code x -> (float) x}
     */
    public static List<double[]> run(Plan plan, Values values, DoubleUnaryOperator rounding) {
        return new PlanInterpreter(plan, values, rounding).run();
    }

    private Memory memory(Buffer buffer, double[] arena) {
        Place place = buffer.place();
        if (place instanceof Place.Arena at) {
            boolean narrow = buffer.storage() == Storage.BFLOAT16;
            return new Memory(arena, Math.toIntExact(PLACES * at.offset()), narrow ? 1 : PLACES, narrow);
        }
        if (place instanceof Place.Input input) {
            double[] given = checked(buffer, values.input(input.name()));
            Memory memory = new Memory(arena, Math.toIntExact(PLACES * input.offset()), PLACES, false);
            for (int i = 0; i < given.length; i++) {
                memory.set(i, given[i]);
            }
            return memory;
        }
        if (place instanceof Place.Vector vector) {
            return Memory.outside(checked(buffer, values.vector(vector.name())));
        }
        if (place instanceof Place.Literal literal) {
            return Memory.outside(checked(buffer, values.literal(literal.name())));
        }
        double[] destination = new double[Math.toIntExact(buffer.size())];
        Arrays.fill(destination, Double.NaN);
        return Memory.outside(destination);
    }

    private static double[] checked(Buffer buffer, double[] given) {
        if (given.length != buffer.size()) {
            throw new IllegalArgumentException(
                    buffer.label() + ": expected " + buffer.size() + " numbers, was given " + given.length);
        }
        return given;
    }

    private List<double[]> run() {
        for (Kernel kernel : plan.kernels()) {
            if (kernel instanceof Kernel.Fused fused) {
                fused(fused);
            } else if (kernel instanceof Kernel.Product product) {
                product(product);
            } else if (kernel instanceof Kernel.Convolution convolution) {
                convolution(convolution);
            } else if (kernel instanceof Kernel.Select select) {
                select(select);
            } else {
                library((Kernel.Library) kernel);
            }
        }
        return plan.outputs().stream().map(this::numbers).toList();
    }

    /** A copy of a buffer. */
    private double[] numbers(int buffer) {
        Memory memory = memories.get(buffer);
        double[] numbers = new double[Math.toIntExact(plan.buffers().get(buffer).size())];
        Arrays.setAll(numbers, memory::get);
        return numbers;
    }

    private double read(Region region, int row, int column) {
        return memories.get(region.buffer()).get(region.at(row, column));
    }

    /** What a product or a convolution multiplies. */
    private double factor(Region region, int row, int column, boolean narrow) {
        double value = read(region, row, column);
        return narrow ? Elementwise.BFLOAT16.apply(value, 0) : value;
    }

    private void write(Region region, int row, int column, double value) {
        memories.get(region.buffer()).set(region.at(row, column), value);
    }

    // ---- kernels ----------------------------------------------------------------------------------------------------

    private void product(Kernel.Product product) {
        boolean narrow = product.narrow();
        for (int row = 0; row < product.rows(); row++) {
            for (int column = 0; column < product.columns(); column++) {
                double sum = 0;
                for (int i = 0; i < product.inner(); i++) {
                    double a = product.transposeA()
                            ? factor(product.a(), i, row, narrow)
                            : factor(product.a(), row, i, narrow);
                    double b = product.transposeB()
                            ? factor(product.b(), column, i, narrow)
                            : factor(product.b(), i, column, narrow);
                    sum = rounding.applyAsDouble(sum + a * b);
                }
                write(product.out(), row, column, sum);
            }
        }
    }

    /** Each number of the result is one sum, which begins at 0. */
    private void convolution(Kernel.Convolution convolution) {
        ConvolutionShape shape = convolution.shape();
        int rows = convolution.direction() == Direction.WEIGHTS
                ? shape.taps()
                : convolution.direction() == Direction.DATA ? shape.rows() : shape.outRows();
        int columns = convolution.direction() == Direction.DATA ? shape.in() : shape.out();
        double[][] sums = new double[rows][columns];
        for (int made = 0; made < shape.outRows(); made++) {
            int image = made / (shape.outHeight() * shape.outWidth());
            int y = made / shape.outWidth() % shape.outHeight() * shape.strideDown() - shape.top();
            int x = made % shape.outWidth() * shape.strideAcross() - shape.left();
            for (int tap = 0; tap < shape.kernelHeight() * shape.kernelWidth(); tap++) {
                int down = y + tap / shape.kernelWidth();
                int across = x + tap % shape.kernelWidth();
                if (down >= 0 && down < shape.height() && across >= 0 && across < shape.width()) {
                    convolve(convolution, (image * shape.height() + down) * shape.width() + across, tap, made, sums);
                }
            }
        }
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                finish(convolution, row, column, sums[row][column]);
            }
        }
    }

    private void finish(Kernel.Convolution convolution, int row, int column, double sum) {
        double value =
                convolution.bias() == null ? sum : rounding.applyAsDouble(sum + read(convolution.bias(), 0, column));
        write(convolution.out(), row, column, convolution.rectified() ? Elementwise.RELU.apply(value, 0) : value);
    }

    /** What one pixel of x, by one place of the kernel, and one pixel of y have to do with each other. */
    private void convolve(Kernel.Convolution convolution, int pixel, int tap, int made, double[][] sums) {
        ConvolutionShape shape = convolution.shape();
        for (int in = 0; in < shape.in(); in++) {
            int weight = tap * shape.in() + in;
            for (int out = 0; out < shape.out(); out++) {
                switch (convolution.direction()) {
                    case FORWARD -> add(sums, made, out, factors(convolution, pixel, in, weight, out));
                    case DATA -> add(sums, pixel, in, factors(convolution, made, out, weight, out));
                    case WEIGHTS -> add(sums, weight, out, factors(convolution, pixel, in, made, out));
                }
            }
        }
    }

    private double factors(Kernel.Convolution convolution, int rowA, int columnA, int rowB, int columnB) {
        boolean narrow = convolution.narrow();
        return factor(convolution.a(), rowA, columnA, narrow) * factor(convolution.b(), rowB, columnB, narrow);
    }

    private void add(double[][] sums, int row, int column, double term) {
        sums[row][column] = rounding.applyAsDouble(sums[row][column] + term);
    }

    private void select(Kernel.Select select) {
        for (int row = 0; row < select.rows(); row++) {
            for (int column = 0; column < select.columns().size(); column++) {
                int from = select.columns().get(column);
                write(select.out(), row, column, from < 0 ? 0 : read(select.in(), row, from));
            }
        }
    }

    private void library(Kernel.Library library) {
        List<double[]> inputs = new ArrayList<>();
        library.inputs().forEach(buffer -> inputs.add(buffer < 0 ? null : numbers(buffer)));
        List<double[]> outputs = new ArrayList<>();
        library.outputs().forEach(buffer -> outputs.add(buffer < 0 ? null : numbers(buffer)));
        values.library(library, inputs, outputs);
        for (int i = 0; i < outputs.size(); i++) {
            if (outputs.get(i) != null) {
                Memory memory = memories.get(library.outputs().get(i));
                for (int at = 0; at < outputs.get(i).length; at++) {
                    memory.set(at, outputs.get(i)[at]);
                }
            }
        }
    }

    /** All steps at one position, then at the next one; what is folded is written at the end. */
    private void fused(Kernel.Fused fused) {
        double[] registers = new double[fused.registers()];
        List<Step> steps = fused.steps();
        double[][] folded = steps.stream()
                .map(step -> step instanceof Step.Reduce reduce ? start(reduce, fused) : null)
                .toArray(double[][]::new);
        for (int row = 0; row < fused.rows(); row++) {
            for (int column = 0; column < fused.columns(); column++) {
                for (int i = 0; i < folded.length; i++) {
                    if (steps.get(i) instanceof Step.Reduce reduce) {
                        int at = place(reduce, row, column, fused.columns());
                        folded[i][at] = fold(reduce.fold(), folded[i][at], registers[reduce.register()]);
                    } else {
                        step(steps.get(i), registers, row, column);
                    }
                }
            }
        }
        for (int i = 0; i < folded.length; i++) {
            if (steps.get(i) instanceof Step.Reduce reduce) {
                // Folded numbers stand beside each other.
                Memory memory = memories.get(reduce.to().buffer());
                for (int at = 0; at < folded[i].length; at++) {
                    memory.set(reduce.to().offset() + at, folded[i][at]);
                }
            }
        }
    }

    private void step(Step step, double[] registers, int row, int column) {
        if (step instanceof Step.Constant constant) {
            registers[constant.register()] = constant.value();
        } else if (step instanceof Step.Load load) {
            registers[load.register()] = read(load.from(), row, column);
        } else if (step instanceof Step.Compute compute) {
            double b = compute.b() < 0 ? 0 : registers[compute.b()];
            double value = compute.operation().apply(registers[compute.a()], b);
            registers[compute.out()] = EXACT.contains(compute.operation()) ? value : rounding.applyAsDouble(value);
        } else {
            Step.Store store = (Step.Store) step;
            write(store.to(), row, column, registers[store.register()]);
        }
    }

    private static double[] start(Step.Reduce reduce, Kernel.Fused fused) {
        double[] numbers = new double
                [switch (reduce.over()) {
                    case ALL -> 1;
                    case COLUMNS -> fused.rows();
                    case ROWS -> fused.columns();
                    case GROUPS -> reduce.to().period() * fused.columns();
                }];
        Arrays.fill(numbers, reduce.fold() == Fold.SUM ? 0 : Double.NEGATIVE_INFINITY);
        return numbers;
    }

    private static int place(Step.Reduce reduce, int row, int column, int columns) {
        return switch (reduce.over()) {
            case ALL -> 0;
            case COLUMNS -> row;
            case ROWS -> column;
            case GROUPS -> reduce.to().row(row) * columns + column;
        };
    }

    private double fold(Fold fold, double a, double b) {
        return fold == Fold.SUM ? rounding.applyAsDouble(a + b) : Math.max(a, b);
    }
}
