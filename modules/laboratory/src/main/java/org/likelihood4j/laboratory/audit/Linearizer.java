package org.likelihood4j.laboratory.audit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.likelihood4j.engine.graph.GraphBinding;
import org.likelihood4j.engine.graph.GraphReader;
import org.likelihood4j.engine.graph.Recording;
import org.likelihood4j.engine.graph.UnsupportedGraphException;
import org.likelihood4j.engine.plan.Graph;
import org.likelihood4j.engine.plan.Graph.Operation;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.laboratory.verify.Matrices;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.ModelFunction;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Linearises a model's function at one example: ND4J computes every value once, and here stands the derivative of each operation,
 * as a {@link LinearMap} between the values that depend on the chosen input. SameDiff's own derivatives are not asked: they are what
 * trains the model, and some lose digits that a Jacobian needs, such as that of the sigmoid, {@code s (1 - s)}, where s is nearly 1.
 */
final class Linearizer {
    private final Recording recording;
    private final Graph graph;
    private final Linearization made = new Linearization();
    /** The linearised value of each variable that depends on the input. */
    private final Map<String, Integer> values = new HashMap<>();

    private Linearizer(Recording recording, Graph graph) {
        this.recording = recording;
        this.graph = graph;
    }

    /**
     * A linearised function.
     *
     * @param observed the data as the flow sees them, noise added
     * @param output the function's output
     */
    record Linearized(Linearization chain, int observed, int output) {
        double[][] jacobian() {
            return chain.jacobian(0, output);
        }

        /**
         * {@code log|det|} of the whole, in two factors where the noise is learned: {@code dz/du} and {@code du/dr}. Where noise is
         * pushed to an end of its cell du/dr is as small as e^-20 in some directions, and in the product of the two these lie below the
         * rounding of the others. Apart they only scale rows, which costs an LU nothing.
         */
        double logAbsDet() {
            return logAbsDet(List.of());
        }

        /** The same without the columns of what is varied that are only told, of which no density is. */
        double logAbsDet(List<Integer> told) {
            if (!told.isEmpty()) {
                return Matrices.logAbsDet(Arrays.stream(jacobian())
                        .map(row -> IntStream.range(0, row.length)
                                .filter(column -> !told.contains(column))
                                .mapToDouble(column -> row[column])
                                .toArray())
                        .toArray(double[][]::new));
            }
            if (observed == 0 || !chain.isWaist(observed)) {
                return Matrices.logAbsDet(jacobian());
            }
            return Matrices.logAbsDet(chain.jacobian(0, observed))
                    + Matrices.logAbsDet(chain.jacobian(observed, output));
        }
    }

    /** Linearises the first output. */
    static Linearized of(ModelFunction function, ModelValues values, Map<String, double[]> example, String varied) {
        return of(function, values, example, varied, function.outputNames().get(0));
    }

    /**
     * Linearises an output.
     *
     * @param values in float64
     * @param example a row for each input
     * @param varied the input that the derivatives are with respect to
     * @param output its name
     * @throws UnsupportedOperationException if there is an operation whose derivative is not known here, or that only a session of
     *     SameDiff can run
     */
    static Linearized of(
            ModelFunction function, ModelValues values, Map<String, double[]> example, String varied, String output) {
        SameDiff sameDiff = function.graph();
        GraphBinding.bind(sameDiff, values.vectors());
        Map<String, INDArray> inputs = new LinkedHashMap<>();
        function.inputs()
                .forEach(input -> inputs.put(
                        input.name(),
                        Nd4j.create(example.get(input.name()), new long[] {1, input.size()}, DataType.DOUBLE)));
        // As outputs, so that none takes another one's memory.
        List<String> all = sameDiff.variables().stream()
                .filter(variable -> variable.getVariableType() == VariableType.ARRAY)
                .map(variable -> variable.name())
                .toList();
        try {
            Recording recording = Recording.of(sameDiff, DataType.DOUBLE, inputs, all);
            try {
                Graph graph = GraphReader.read(sameDiff, recording, DataType.DOUBLE, values.vectors());
                Linearizer linearizer = new Linearizer(recording, graph);
                String stored = function.inputs().stream()
                        .filter(FunctionInput.Data.class::isInstance)
                        .map(FunctionInput::name)
                        .findFirst()
                        .orElse("");
                return linearizer.linearized(varied, stored, output);
            } finally {
                recording.close();
            }
        } catch (UnsupportedGraphException e) {
            throw new UnsupportedOperationException(e.getMessage(), e);
        } finally {
            inputs.values().forEach(INDArray::close);
        }
    }

    private Linearized linearized(String varied, String stored, String output) {
        values.put(varied, made.value(size(varied)));
        int observed = 0;
        for (Operation operation : ordered(output)) {
            if (operation.inputs().stream().anyMatch(values::containsKey)) {
                add(operation);
                // Where pixels and noise meet.
                boolean meets =
                        operation.kind().equals("add") && operation.inputs().contains(stored);
                observed = meets ? values.get(result(operation)) : observed;
            }
        }
        if (!values.containsKey(output)) {
            throw new UnsupportedOperationException(output + " does not depend on " + varied);
        }
        return new Linearized(made, observed, values.get(output));
    }

    /** What the output needs, each operation behind those that it needs itself. */
    private List<Operation> ordered(String output) {
        List<Operation> order = new ArrayList<>();
        Set<String> entered = new HashSet<>();
        Set<String> left = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(output));
        while (!open.isEmpty()) {
            Operation operation = graph.operations().get(open.peek());
            if (operation == null || left.contains(operation.name())) {
                open.pop();
            } else if (entered.add(operation.name())) {
                operation.inputs().forEach(open::push);
            } else {
                open.pop();
                left.add(operation.name());
                order.add(operation);
            }
        }
        return order;
    }

    private void add(Operation op) {
        switch (op.kind()) {
            case "zeroslike", "zeros_like", "zeros_as", "ones_as", "ones_like" -> {}
            // Flat, but where they step.
            case "less", "greater", "equals" -> {}
            // What training does not follow is a part of the function all the same.
            case "identity", "stop_gradient", "reshape", "add_scalar", "sub_scalar" ->
                values.put(result(op), values.get(input(op, 0)));
            case "transpose" -> transpose(op);
            case "slice" -> slice(op);
            case "concat" -> concat(op);
            case "gather" -> gather(op);
            case "scatter_add" -> scatter(op);
            case "reduce_sum" -> reduce(op, 1);
            case "reduce_mean" -> reduce(op, (double) size(result(op)) / size(input(op, 0)));
            case "add", "subtract", "multiply", "divide", "maximum", "minimum" -> binary(op);
            case "matmul" -> product(op);
            case "conv2d" -> convolution(op);
            default -> unary(op);
        }
    }

    // ---- number by number -------------------------------------------------------------------------------------------

    private void unary(Operation op) {
        double[] x = numbers(input(op, 0));
        if (op.inputs().size() != 1 || x.length != size(result(op))) {
            throw unknown(op);
        }
        step(op, 0, LinearMap.Entries.diagonal(Arrays.stream(x).map(slope(op)).toArray()));
    }

    /** The derivative, in a form that keeps its digits for every x. */
    private static DoubleUnaryOperator slope(Operation op) {
        List<Double> arguments = op.reals();
        return switch (op.kind()) {
            case "exp" -> Math::exp;
            case "log" -> x -> 1 / x;
            case "log1p" -> x -> 1 / (1 + x);
            case "sqrt" -> x -> 0.5 / Math.sqrt(x);
            case "square" -> x -> 2 * x;
            case "abs" -> Math::signum;
            case "neg", "rsub_scalar" -> x -> -1;
            case "tanh" -> x -> 1 / (Math.cosh(x) * Math.cosh(x));
            case "sigmoid" -> x -> Math.exp(-Math.abs(x)) / Math.pow(1 + Math.exp(-Math.abs(x)), 2);
            case "relu" -> x -> x > arguments.get(0) ? 1 : 0;
            case "elu" -> x -> x > 0 ? 1 : (arguments.isEmpty() ? 1 : arguments.get(0)) * Math.exp(x);
            case "mul_scalar" -> x -> arguments.get(0);
            case "div_scalar" -> x -> 1 / arguments.get(0);
            case "rdiv_scalar" -> x -> -arguments.get(0) / (x * x);
            default -> throw unknown(op);
        };
    }

    private void binary(Operation op) {
        boolean shifted = op.kind().equals("add") || op.kind().equals("subtract");
        if (shifted && !values.containsKey(input(op, 1)) && size(input(op, 0)) == size(result(op))) {
            values.put(result(op), values.get(input(op, 0)));
            return;
        }
        int[] a = broadcast(input(op, 0), result(op));
        int[] b = broadcast(input(op, 1), result(op));
        double[] left = new double[a.length];
        double[] right = new double[a.length];
        double[] x = shifted ? new double[0] : numbers(input(op, 0));
        double[] y = shifted ? new double[0] : numbers(input(op, 1));
        for (int i = 0; i < a.length; i++) {
            switch (op.kind()) {
                case "multiply" -> {
                    left[i] = y[b[i]];
                    right[i] = x[a[i]];
                }
                case "divide" -> {
                    left[i] = 1 / y[b[i]];
                    right[i] = -x[a[i]] / (y[b[i]] * y[b[i]]);
                }
                case "maximum", "minimum" -> {
                    left[i] = x[a[i]] < y[b[i]] == op.kind().equals("minimum") ? 1 : 0;
                    right[i] = 1 - left[i];
                }
                default -> {
                    left[i] = 1;
                    right[i] = op.kind().equals("add") ? 1 : -1;
                }
            }
        }
        int[] all = LinearMap.Entries.diagonal(left).to();
        step(op, 0, new LinearMap.Entries(all, a, left));
        step(op, 1, new LinearMap.Entries(all, b, right));
    }

    /** For each number of a result the number of an operand of the same or fewer dimensions, as NumPy repeats them. */
    private int[] broadcast(String operand, String result) {
        List<Long> from = shape(operand);
        List<Long> to = shape(result);
        int[] positions = new int[size(result)];
        for (int i = 0; i < positions.length; i++) {
            int rest = i;
            int stride = 1;
            for (int d = 1; d <= from.size(); d++) {
                int length = Math.toIntExact(to.get(to.size() - d));
                int own = Math.toIntExact(from.get(from.size() - d));
                positions[i] += own == 1 ? 0 : rest % length * stride;
                rest /= length;
                stride *= own;
            }
        }
        return positions;
    }

    private void reduce(Operation op, double factor) {
        List<Long> from = shape(input(op, 0));
        List<Integer> gone = op.dimensions();
        int[] to = new int[size(input(op, 0))];
        for (int i = 0; i < to.length; i++) {
            int rest = i;
            int stride = 1;
            for (int d = from.size() - 1; d >= 0; d--) {
                int length = Math.toIntExact(from.get(d));
                if (!gone.isEmpty() && !gone.contains(d)) {
                    to[i] += rest % length * stride;
                    stride *= length;
                }
                rest /= length;
            }
        }
        double[] factors = new double[to.length];
        Arrays.fill(factors, factor);
        step(
                op,
                0,
                new LinearMap.Entries(to, LinearMap.Entries.diagonal(factors).to(), factors));
    }

    // ---- numbers that move ------------------------------------------------------------------------------------------

    private void transpose(Operation op) {
        List<Long> shape = shape(input(op, 0));
        if (shape.size() != 2 || op.inputs().size() != 1) {
            throw unknown(op);
        }
        int rows = Math.toIntExact(shape.get(0));
        int columns = Math.toIntExact(shape.get(1));
        int[] to = new int[rows * columns];
        Arrays.setAll(to, i -> i % columns * rows + i / columns);
        move(op, 0, to, positions(to.length));
    }

    private void slice(Operation op) {
        List<Long> from = shape(input(op, 0));
        List<Long> to = shape(result(op));
        if (op.inputs().size() != 1 || op.integers().size() != 2 * from.size()) {
            throw unknown(op);
        }
        int[] source = new int[size(result(op))];
        for (int i = 0; i < source.length; i++) {
            int rest = i;
            int stride = 1;
            for (int d = from.size() - 1; d >= 0; d--) {
                int length = Math.toIntExact(to.get(d));
                source[i] += (Math.toIntExact(op.integers().get(d)) + rest % length) * stride;
                rest /= length;
                stride *= Math.toIntExact(from.get(d));
            }
        }
        move(op, 0, positions(source.length), source);
    }

    private void concat(Operation op) {
        List<Long> shape = shape(result(op));
        if (shape.size() != 2 || !op.integers().equals(List.of(1L))) {
            throw unknown(op);
        }
        int columns = Math.toIntExact(shape.get(1));
        int first = 0;
        for (int part = 0; part < op.inputs().size(); part++) {
            int width = Math.toIntExact(shape(input(op, part)).get(1));
            int begin = first;
            int[] to = new int[size(input(op, part))];
            Arrays.setAll(to, i -> i / width * columns + begin + i % width);
            move(op, part, to, positions(to.length));
            first += width;
        }
    }

    private void gather(Operation op) {
        if (op.inputs().size() != 2 || !op.integers().equals(List.of(0L))) {
            throw unknown(op);
        }
        int[] rows = rowsOf(input(op, 1), size(result(op)));
        move(op, 0, positions(rows.length), rows);
    }

    private void scatter(Operation op) {
        int[] rows = rowsOf(input(op, 1), size(input(op, 2)));
        move(op, 0, positions(size(result(op))), positions(size(result(op))));
        move(op, 2, rows, positions(rows.length));
    }

    /** Positions of the numbers of rows of a matrix that are named by their indices. */
    private int[] rowsOf(String indices, int size) {
        double[] named = numbers(indices);
        int width = size / named.length;
        int[] positions = new int[size];
        Arrays.setAll(positions, i -> ((int) named[i / width]) * width + i % width);
        return positions;
    }

    private static int[] positions(int count) {
        int[] positions = new int[count];
        Arrays.setAll(positions, i -> i);
        return positions;
    }

    private void move(Operation op, int operand, int[] to, int[] from) {
        step(op, operand, LinearMap.Entries.moved(to, from));
    }

    // ---- products ---------------------------------------------------------------------------------------------------

    private void product(Operation op) {
        boolean plain = op.integers().stream().allMatch(flag -> flag == 0)
                && (op.reals().isEmpty() || op.reals().equals(List.of(1.0, 0.0)))
                && !values.containsKey(input(op, 1));
        if (!plain) {
            throw unknown(op);
        }
        int rows = Math.toIntExact(shape(input(op, 0)).get(0));
        int inner = Math.toIntExact(shape(input(op, 1)).get(0));
        int columns = Math.toIntExact(shape(input(op, 1)).get(1));
        step(
                op,
                0,
                new LinearMap.Convolution(
                        new LinearMap.Convolution.Sizes(rows, 1, inner),
                        new LinearMap.Convolution.Sizes(rows, 1, columns),
                        LinearMap.Convolution.Taps.POINT,
                        numbers(input(op, 1))));
    }

    /** ND4J's integers: kernel, strides, padding, dilation, each down and across; same padding; channels last; weights. */
    private void convolution(Operation op) {
        List<Long> integers = op.integers();
        boolean known = op.inputs().size() == 2
                && integers.subList(6, 10).equals(List.of(1L, 1L, 1L, 1L))
                && (integers.size() < 11 || integers.get(10) == 0)
                && !values.containsKey(input(op, 1));
        if (!known) {
            throw unknown(op);
        }
        LinearMap.Convolution.Sizes from = sizes(input(op, 0));
        LinearMap.Convolution.Sizes to = sizes(result(op));
        int height = Math.toIntExact(integers.get(0));
        int width = Math.toIntExact(integers.get(1));
        int down = Math.toIntExact(integers.get(2));
        int across = Math.toIntExact(integers.get(3));
        int top = Math.max(0, (to.height() - 1) * down + height - from.height()) / 2;
        int left = Math.max(0, (to.width() - 1) * across + width - from.width()) / 2;
        step(
                op,
                0,
                new LinearMap.Convolution(
                        from,
                        to,
                        new LinearMap.Convolution.Taps(height, width, down, across, top, left),
                        numbers(input(op, 1))));
    }

    private LinearMap.Convolution.Sizes sizes(String image) {
        List<Long> shape = shape(image);
        return new LinearMap.Convolution.Sizes(
                Math.toIntExact(shape.get(1)), Math.toIntExact(shape.get(2)), Math.toIntExact(shape.get(3)));
    }

    // ---- the graph --------------------------------------------------------------------------------------------------

    /** If the operand depends on the input at all. */
    private void step(Operation op, int operand, LinearMap map) {
        Integer from = values.get(input(op, operand));
        if (from != null) {
            int to = values.computeIfAbsent(result(op), name -> made.value(size(name)));
            made.step(from, to, map);
        }
    }

    private static String input(Operation op, int index) {
        return op.inputs().get(index);
    }

    private static String result(Operation op) {
        return op.outputs().get(0);
    }

    private List<Long> shape(String name) {
        return graph.variables().get(name).shape();
    }

    private int size(String name) {
        return Math.toIntExact(shape(name).stream().reduce(1L, Math::multiplyExact));
    }

    private double[] numbers(String name) {
        INDArray array = recording.array(name);
        return array.dup('c').reshape(array.length()).castTo(DataType.DOUBLE).toDoubleVector();
    }

    private static UnsupportedOperationException unknown(Operation op) {
        return new UnsupportedOperationException("the derivative of " + op.kind() + " is not known here");
    }
}
