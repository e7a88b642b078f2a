package org.likelihood4j.inference.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.likelihood4j.engine.plan.ConvolutionShape;
import org.likelihood4j.engine.plan.ConvolutionShape.Direction;
import org.likelihood4j.engine.plan.Elementwise;
import org.likelihood4j.engine.plan.Plan.Fold;
import org.likelihood4j.engine.plan.Plan.Reduction;
import org.likelihood4j.engine.plan.PortableProgram;
import org.likelihood4j.engine.plan.PortableProgram.Extent;
import org.likelihood4j.engine.plan.PortableProgram.Operation;
import org.likelihood4j.engine.plan.PortableProgram.Output;
import org.likelihood4j.engine.plan.PortableProgram.Value;
import org.likelihood4j.engine.plan.UnportableException;
import org.likelihood4j.inference.export.onnx.OnnxFile;
import org.likelihood4j.io.safetensors.DType;
import org.likelihood4j.io.safetensors.Tensor;

/** Every operation of a program in ONNX Runtime, against loops over its definition. */
class OnnxOperationsTest {
    private static final Extent N = new Extent(1, true);
    private static final Extent ONE = fixed(1);
    private static final int COLUMNS = 12;
    private static final double[] SPECIAL = {
        0,
        -0.0,
        1,
        -1,
        0.5,
        -0.5,
        1.5,
        -2.5,
        0.49999997f,
        1e-3,
        -1e-3,
        1e-5,
        3e-8,
        -3e-8,
        1e-30,
        -0.75,
        -0.999,
        7,
        -7,
        30,
        -30,
        80,
        -80,
        1e10,
        -1e10,
        1 << 23,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.NaN
    };

    private static Extent fixed(int size) {
        return new Extent(size, false);
    }

    private static Extent times(int size) {
        return new Extent(size, true);
    }

    /** A program in the making, of the input x, {@code [N, 12]}. */
    private static final class Program {
        private final List<Value> values = new ArrayList<>();
        private final Random random = new Random(3);

        Program(int columns) {
            add(new Operation.Input("x"), N, fixed(columns));
        }

        int add(Operation operation, Extent rows, Extent columns, int... inputs) {
            values.add(new Value(operation, Arrays.stream(inputs).boxed().toList(), rows, columns));
            return values.size() - 1;
        }

        int view(int value, Extent rows, Extent columns) {
            return add(new Operation.View(), rows, columns, value);
        }

        int numbers(int rows, int columns) {
            double[] numbers = random.doubles((long) rows * columns, -1, 1)
                    .map(number -> (float) number)
                    .toArray();
            return add(new Operation.Literal("literal" + values.size(), numbers), fixed(rows), fixed(columns));
        }

        int number(double value) {
            return add(new Operation.Constant(value), ONE, ONE);
        }

        PortableProgram ending(Extent... shape) {
            return new PortableProgram(values, Map.of("y", new Output(values.size() - 1, List.of(shape))));
        }
    }

    private static byte[] file(PortableProgram program, DType type) {
        return OnnxFile.of("f", "a test", program, Map.of(), type, "test", Map.of())
                .toByteArray();
    }

    // ---- at every position
    // ---------------------------------------------------------------------------------------------

    private static final Set<Elementwise> NONE_OF_FUNCTIONS =
            EnumSet.of(Elementwise.BFLOAT16, Elementwise.RELU_GRADIENT, Elementwise.ELU_GRADIENT);

    /** Of each number and each pair of {@link #SPECIAL} ones. */
    @ParameterizedTest
    @EnumSource(Elementwise.class)
    void pointwiseOperationsAreExact(Elementwise operation) {
        Program program = new Program(2);
        int a = program.add(new Operation.Window(0), N, ONE, 0);
        int b = program.add(new Operation.Window(1), N, ONE, 0);
        int[] operands = operation.arity() == 1 ? new int[] {a} : new int[] {a, b};
        program.add(new Operation.Apply(operation), N, ONE, operands);
        PortableProgram made = program.ending(N);
        if (NONE_OF_FUNCTIONS.contains(operation)) {
            assertThatExceptionOfType(UnportableException.class)
                    .isThrownBy(() -> file(made, DType.F32))
                    .withMessageContaining(operation.name());
            return;
        }
        int n = SPECIAL.length * SPECIAL.length;
        double[] pairs = IntStream.range(0, 2 * n)
                .mapToDouble(i -> SPECIAL[i % 2 == 0 ? i / 2 / SPECIAL.length : i / 2 % SPECIAL.length])
                .toArray();
        for (DType type : List.of(DType.F32, DType.F64)) {
            for (OptLevel level : List.of(OptLevel.NO_OPT, OptLevel.ALL_OPT)) {
                try (OnnxRuns runs = new OnnxRuns(file(made, type), level)) {
                    double[] results = runs.run(Map.of("x", pairs), n).get("y");
                    for (int i = 0; i < n; i++) {
                        double x = narrowed(pairs[2 * i], type);
                        double y = narrowed(pairs[2 * i + 1], type);
                        double expected = narrowed(operation.apply(x, y), type);
                        double error = results[i] == expected ? 0 : Math.abs(results[i] - expected);
                        boolean same = Double.isNaN(expected)
                                ? Double.isNaN(results[i])
                                : error <= allowed(operation, type, expected);
                        assertThat(same)
                                .as("%s %s (%s, %s): %s, expected %s", type, level, x, y, results[i], expected)
                                .isTrue();
                    }
                }
            }
        }
    }

    /** Relative to 1 where runtimes take the 1 of an exponential near it, else to the number. */
    private static double allowed(Elementwise operation, DType type, double expected) {
        double size = operation == Elementwise.ELU ? Math.max(1, Math.abs(expected)) : Math.abs(expected);
        return (type == DType.F64 ? 1e-15 : 1e-6) * size + Float.MIN_NORMAL;
    }

    private static double narrowed(double value, DType type) {
        return type == DType.F32 ? (float) value : value;
    }

    // ---- shapes
    // ----------------------------------------------------------------------------------------------------

    private static PortableProgram of(String what) {
        Program p = new Program(COLUMNS);
        switch (what) {
            case "copy of a row" -> {
                p.add(new Operation.Apply(Elementwise.COPY), N, fixed(5), p.numbers(1, 5));
                return p.ending(N, fixed(5));
            }
            case "copy of a column" -> {
                int column = p.add(new Operation.Window(3), N, ONE, 0);
                p.add(new Operation.Apply(Elementwise.COPY), N, fixed(3), column);
                return p.ending(N, fixed(3));
            }
            case "row and column" -> {
                int column = p.add(new Operation.Window(3), N, ONE, 0);
                p.add(new Operation.Apply(Elementwise.SUB), N, fixed(4), p.numbers(1, 4), column);
                return p.ending(N, fixed(2), fixed(2));
            }
            case "two numbers for all" -> {
                p.add(new Operation.Apply(Elementwise.ADD), N, fixed(3), p.number(2), p.number(0.25));
                return p.ending(N, fixed(3));
            }
            case "sum over columns" -> {
                p.add(new Operation.Reduce(Fold.SUM, Reduction.COLUMNS, ONE), ONE, N, 0);
                return p.ending(N);
            }
            case "largest over rows" -> {
                int turned = p.add(new Operation.Transpose(), fixed(COLUMNS), N, 0);
                p.add(new Operation.Reduce(Fold.MAX, Reduction.ROWS, ONE), ONE, N, turned);
                return p.ending(N);
            }
            case "largest of all" -> {
                int all = p.add(new Operation.Reduce(Fold.MAX, Reduction.ALL, ONE), ONE, ONE, p.numbers(4, 3));
                p.add(new Operation.Apply(Elementwise.MUL), N, fixed(COLUMNS), 0, all);
                return p.ending(N, fixed(COLUMNS));
            }
            case "sum of groups, one each example" -> {
                int rows = p.view(0, times(6), fixed(2));
                p.add(new Operation.Reduce(Fold.SUM, Reduction.GROUPS, fixed(6)), N, fixed(2), rows);
                return p.ending(N, fixed(2));
            }
            case "sum of groups, some each example" -> {
                int rows = p.view(0, times(6), fixed(2));
                p.add(new Operation.Reduce(Fold.SUM, Reduction.GROUPS, fixed(3)), times(2), fixed(2), rows);
                return p.ending(N, fixed(4));
            }
            case "largest of groups that come again" -> {
                int rows = p.view(0, times(6), fixed(2));
                p.add(new Operation.Reduce(Fold.MAX, Reduction.GROUPS, ONE), times(2), fixed(2), rows);
                return p.ending(times(2), fixed(2));
            }
            case "sum of groups of a constant" -> {
                int groups = p.add(
                        new Operation.Reduce(Fold.SUM, Reduction.GROUPS, fixed(2)),
                        fixed(3),
                        fixed(4),
                        p.numbers(12, 4));
                int row = p.view(groups, ONE, fixed(12));
                p.add(new Operation.Apply(Elementwise.ADD), N, fixed(COLUMNS), 0, row);
                return p.ending(N, fixed(COLUMNS));
            }
            case "sum of groups over examples" -> {
                int rows = p.view(0, times(6), fixed(2));
                p.add(new Operation.Reduce(Fold.SUM, Reduction.GROUPS, ONE), fixed(3), fixed(2), rows);
                return p.ending(fixed(3), fixed(2));
            }
            case "sum of groups of N rows each" -> {
                int rows = p.view(0, times(6), fixed(2));
                p.add(new Operation.Reduce(Fold.SUM, Reduction.GROUPS, N), fixed(3), fixed(2), rows);
                return p.ending(fixed(3), fixed(2));
            }
            case "repeated rows" -> {
                p.add(new Operation.Repeat(fixed(3)), times(3), fixed(COLUMNS), 0);
                return p.ending(times(3), fixed(COLUMNS));
            }
            case "all rows again" -> {
                p.add(new Operation.Repeat(ONE), times(3), fixed(COLUMNS), 0);
                return p.ending(times(3), fixed(COLUMNS));
            }
            case "rows of a constant for each example" -> {
                p.add(new Operation.Repeat(fixed(2)), times(6), fixed(4), p.numbers(3, 4));
                return p.ending(N, fixed(6), fixed(4));
            }
            case "a constant's rows N times each" -> {
                p.add(new Operation.Repeat(N), times(3), fixed(4), p.numbers(3, 4));
                return p.ending(times(3), fixed(4));
            }
            case "selected" -> {
                p.add(new Operation.Select(List.of(3, -1, 0, 11, -1, 3)), N, fixed(6), 0);
                return p.ending(N, fixed(6));
            }
            case "selected without zeros" -> {
                p.add(new Operation.Select(List.of(5, 4)), N, fixed(2), 0);
                return p.ending(N, fixed(2));
            }
            case "joined" -> {
                int window = p.add(new Operation.Window(5), N, fixed(3), 0);
                p.add(new Operation.Join(List.of(2, 3, 1, 12)), N, fixed(18), p.number(0), window, p.number(0), 0);
                return p.ending(N, fixed(18));
            }
            case "a b" -> {
                p.add(new Operation.Product(false, false), N, fixed(5), 0, p.numbers(COLUMNS, 5));
                return p.ending(N, fixed(5));
            }
            case "a b'" -> {
                p.add(new Operation.Product(false, true), N, fixed(5), 0, p.numbers(5, COLUMNS));
                return p.ending(N, fixed(5));
            }
            case "a' b'" -> {
                p.add(new Operation.Product(true, true), fixed(5), N, p.numbers(COLUMNS, 5), 0);
                return p.ending(fixed(5), N);
            }
            case "a a'" -> {
                p.add(new Operation.Product(false, true), N, N, 0, 0);
                return p.ending(N, N);
            }
            case "a scaled product" -> {
                int scaled = p.add(new Operation.Apply(Elementwise.MUL), N, fixed(COLUMNS), 0, p.number(1.1));
                p.add(new Operation.Product(false, false), N, fixed(5), scaled, p.numbers(COLUMNS, 5));
                return p.ending(N, fixed(5));
            }
            default -> throw new IllegalArgumentException(what);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "copy of a row",
                "copy of a column",
                "row and column",
                "two numbers for all",
                "sum over columns",
                "largest over rows",
                "largest of all",
                "sum of groups, one each example",
                "sum of groups, some each example",
                "largest of groups that come again",
                "sum of groups of a constant",
                "sum of groups over examples",
                "sum of groups of N rows each",
                "repeated rows",
                "all rows again",
                "rows of a constant for each example",
                "a constant's rows N times each",
                "selected",
                "selected without zeros",
                "joined",
                "a b",
                "a b'",
                "a' b'",
                "a a'",
                "a scaled product"
            })
    void shapesAreAsTheProgramSays(String what) {
        assertSame(of(what), COLUMNS);
    }

    // ---- images
    // ----------------------------------------------------------------------------------------------------

    static Stream<ConvolutionShape> convolutions() {
        return Stream.of(
                // The same size, with a kernel that is no square, and zeros on one side only.
                new ConvolutionShape(1, 5, 4, 2, 5, 4, 3, 3, 2, 1, 1, 1, 0),
                // Every other pixel, with zeros below and behind only.
                new ConvolutionShape(1, 6, 6, 2, 3, 3, 4, 3, 3, 2, 2, 0, 0),
                // The last rows and columns are read by nobody, and might make another pixel.
                new ConvolutionShape(1, 7, 5, 1, 2, 2, 2, 2, 2, 2, 1, 0, 0),
                new ConvolutionShape(1, 6, 6, 3, 4, 4, 1, 3, 3, 1, 1, 0, 0),
                // Two images an example.
                new ConvolutionShape(2, 4, 4, 1, 2, 2, 3, 2, 2, 2, 2, 0, 0),
                new ConvolutionShape(1, 3, 5, 2, 4, 3, 2, 3, 3, 1, 2, 2, 1));
    }

    @ParameterizedTest
    @MethodSource("convolutions")
    void convolutionsAreTheirSums(ConvolutionShape shape) {
        for (Direction direction : List.of(Direction.FORWARD, Direction.DATA)) {
            boolean forward = direction == Direction.FORWARD;
            int in = forward ? shape.rows() : shape.outRows();
            int out = forward ? shape.outRows() : shape.rows();
            int channels = forward ? shape.in() : shape.out();
            Program program = new Program(in * channels);
            int image = program.view(0, times(in), fixed(channels));
            int weights = program.numbers(shape.taps(), shape.out());
            program.add(
                    new Operation.Convolution(shape, direction, times(shape.images())),
                    times(out),
                    fixed(forward ? shape.out() : shape.in()),
                    image,
                    weights);
            assertSame(program.ending(times(out), fixed(forward ? shape.out() : shape.in())), in * channels);
        }
    }

    // ---- what is meant
    // ---------------------------------------------------------------------------------------------

    private static void assertSame(PortableProgram program, int columns) {
        Random random = new Random(4);
        for (DType type : List.of(DType.F32, DType.F64)) {
            byte[] file = file(program, type);
            for (OptLevel level : List.of(OptLevel.NO_OPT, OptLevel.ALL_OPT)) {
                try (OnnxRuns runs = new OnnxRuns(file, level)) {
                    for (int n : new int[] {1, 4}) {
                        double[] x = random.doubles((long) n * columns, -2, 2)
                                .map(number -> (float) number)
                                .toArray();
                        Map<String, double[]> expected = new LinkedHashMap<>();
                        expected.put("y", new Loops(program, x, n).result());
                        OnnxComparison.assertSame(
                                type + " " + level + " N = " + n,
                                runs.run(Map.of("x", x), n),
                                expected,
                                type == DType.F32 ? 1e-5 : 1e-14);
                    }
                }
            }
        }
    }

    /** The definitions of docs/export.md, number by number. */
    private static final class Loops {
        private final PortableProgram program;
        private final double[] x;
        private final int n;
        private final Map<Integer, double[][]> done = new HashMap<>();

        Loops(PortableProgram program, double[] x, int n) {
            this.program = program;
            this.x = x;
            this.n = n;
        }

        double[] result() {
            return flat(of(program.values().size() - 1));
        }

        private static double[] flat(double[][] matrix) {
            return Arrays.stream(matrix).flatMapToDouble(Arrays::stream).toArray();
        }

        private double[][] of(int number) {
            double[][] known = done.get(number);
            if (known == null) {
                known = computed(program.values().get(number));
                done.put(number, known);
            }
            return known;
        }

        private double[][] computed(Value value) {
            int rows = value.rows().of(n);
            int columns = value.columns().of(n);
            Operation operation = value.operation();
            List<double[][]> in = value.inputs().stream().map(this::of).toList();
            if (operation instanceof Operation.Reduce reduce) {
                return reduced(reduce, in.get(0), rows, columns);
            }
            if (operation instanceof Operation.Convolution convolution) {
                return convolved(convolution, in.get(0), in.get(1), rows, columns);
            }
            double[][] out = new double[rows][columns];
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < columns; c++) {
                    out[r][c] = at(operation, in, r, c, columns);
                }
            }
            return out;
        }

        private double at(Operation operation, List<double[][]> in, int r, int c, int columns) {
            if (operation instanceof Operation.Input) {
                return x[r * columns + c];
            } else if (operation instanceof Operation.Literal literal) {
                return literal.values()[r * columns + c];
            } else if (operation instanceof Operation.Constant number) {
                return number.value();
            } else if (operation instanceof Operation.Apply apply) {
                return apply.operation().apply(spread(in.get(0), r, c), spread(in.get(in.size() - 1), r, c));
            } else if (operation instanceof Operation.Product product) {
                double sum = 0;
                double[][] a = product.transposeA() ? turned(in.get(0)) : in.get(0);
                double[][] b = product.transposeB() ? turned(in.get(1)) : in.get(1);
                for (int i = 0; i < b.length; i++) {
                    sum += a[r][i] * b[i][c];
                }
                return sum;
            } else if (operation instanceof Operation.Window window) {
                return in.get(0)[r][window.from() + c];
            } else if (operation instanceof Operation.View) {
                return flat(in.get(0))[r * columns + c];
            } else if (operation instanceof Operation.Repeat repeat) {
                return in.get(0)[r / repeat.each().of(n) % in.get(0).length][c];
            } else if (operation instanceof Operation.Select select) {
                return select.columns().get(c) < 0
                        ? 0
                        : in.get(0)[r][select.columns().get(c)];
            } else if (operation instanceof Operation.Join join) {
                int part = 0;
                int from = c;
                for (; from >= join.widths().get(part); part++) {
                    from -= join.widths().get(part);
                }
                return spread(in.get(part), r, from);
            }
            return in.get(0)[c][r];
        }

        private static double spread(double[][] matrix, int r, int c) {
            double[] row = matrix[matrix.length == 1 ? 0 : r];
            return row[row.length == 1 ? 0 : c];
        }

        private static double[][] turned(double[][] matrix) {
            double[][] turned = new double[matrix[0].length][matrix.length];
            for (int r = 0; r < matrix.length; r++) {
                for (int c = 0; c < matrix[0].length; c++) {
                    turned[c][r] = matrix[r][c];
                }
            }
            return turned;
        }

        private double[][] reduced(Operation.Reduce reduce, double[][] in, int rows, int columns) {
            boolean sum = reduce.fold() == Fold.SUM;
            double[][] out = new double[rows][columns];
            Arrays.stream(out).forEach(row -> Arrays.fill(row, sum ? 0 : Double.NEGATIVE_INFINITY));
            for (int r = 0; r < in.length; r++) {
                for (int c = 0; c < in[0].length; c++) {
                    int toRow = reduce.over() == Reduction.GROUPS
                            ? r / reduce.each().of(n) % rows
                            : 0;
                    int toColumn = switch (reduce.over()) {
                        case COLUMNS -> r;
                        case ROWS, GROUPS -> c;
                        case ALL -> 0;
                    };
                    double before = out[toRow][toColumn];
                    out[toRow][toColumn] = sum ? before + in[r][c] : Math.max(before, in[r][c]);
                }
            }
            return out;
        }

        private double[][] convolved(Operation.Convolution op, double[][] in, double[][] w, int rows, int columns) {
            ConvolutionShape s = op.shape();
            double[][] out = new double[rows][columns];
            boolean forward = op.direction() == Direction.FORWARD;
            for (int image = 0; image < op.images().of(n); image++) {
                for (int i = 0; i < s.outHeight(); i++) {
                    for (int j = 0; j < s.outWidth(); j++) {
                        for (int a = 0; a < s.kernelHeight(); a++) {
                            for (int b = 0; b < s.kernelWidth(); b++) {
                                int row = i * s.strideDown() - s.top() + a;
                                int column = j * s.strideAcross() - s.left() + b;
                                if (row < 0 || row >= s.height() || column < 0 || column >= s.width()) {
                                    continue;
                                }
                                int x = (image * s.height() + row) * s.width() + column;
                                int y = (image * s.outHeight() + i) * s.outWidth() + j;
                                for (int c = 0; c < s.in(); c++) {
                                    for (int o = 0; o < s.out(); o++) {
                                        double weight = w[(a * s.kernelWidth() + b) * s.in() + c][o];
                                        if (forward) {
                                            out[y][o] += in[x][c] * weight;
                                        } else {
                                            out[x][c] += in[y][o] * weight;
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            return out;
        }
    }

    @Test
    void whatHasNoInputIsRefused() {
        PortableProgram program = new PortableProgram(
                List.of(
                        new Value(new Operation.Constant(1), List.of(), ONE, ONE),
                        new Value(new Operation.Apply(Elementwise.COPY), List.of(0), N, ONE)),
                Map.of("y", new Output(1, List.of(N))));
        assertThatExceptionOfType(UnportableException.class)
                .isThrownBy(() -> file(program, DType.F32))
                .withMessage("the function has no input whose rows would be the examples");
    }

    @Test
    void anInputIsNoOutput() {
        PortableProgram program = new PortableProgram(
                List.of(new Value(new Operation.Input("x"), List.of(), N, ONE)),
                Map.of("x", new Output(0, List.of(N))));
        assertThatExceptionOfType(UnportableException.class)
                .isThrownBy(() -> file(program, DType.F32))
                .withMessage("output 'x' has the name of an input");
    }

    /** The weights keep their names, and are there once. */
    @Test
    void tensorsKeepTheirNames() {
        PortableProgram program = new PortableProgram(
                List.of(
                        new Value(new Operation.Input("x"), List.of(), N, fixed(2)),
                        new Value(new Operation.Tensor("layer/weight"), List.of(), ONE, fixed(2)),
                        new Value(new Operation.Apply(Elementwise.MUL), List.of(0, 1), N, fixed(2))),
                Map.of("y", new Output(2, List.of(N, fixed(2)))));
        Tensor tensor = Tensor.ofFloats("layer/weight", new float[] {2, 3}, 2);
        byte[] file = OnnxFile.of(
                        "f",
                        "a test",
                        program,
                        Map.of("layer/weight", tensor),
                        DType.F32,
                        "test",
                        Map.of("run", "größe"))
                .toByteArray();
        assertThat(new String(file, java.nio.charset.StandardCharsets.ISO_8859_1))
                .containsOnlyOnce("\n\flayer/weight");
        try (OnnxRuns runs = new OnnxRuns(file, OptLevel.ALL_OPT)) {
            assertThat(runs.metadata()).containsEntry("run", "größe");
            assertThat(runs.run(Map.of("x", new double[] {1, 10, 2, 20}), 2).get("y"))
                    .containsExactly(2, 30, 4, 60);
        }
    }
}
