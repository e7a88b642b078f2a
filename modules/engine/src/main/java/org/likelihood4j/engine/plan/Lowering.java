package org.likelihood4j.engine.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.likelihood4j.engine.plan.Graph.Operation;
import org.likelihood4j.engine.plan.Graph.Variable;
import org.likelihood4j.engine.plan.Node.Axis;
import org.likelihood4j.engine.plan.Node.Origin;

/**
 * Turns the part of a graph that its wanted outputs need into nodes.
 *
 * <p>It works backwards from the outputs, so that whatever nobody asks for is never made: above all the gradients with respect to
 * inputs, which SameDiff's backward operations return beside the wanted ones. An operation that it does not know, or knows
 * for other shapes only, becomes a library operation.
 */
final class Lowering {
    /** A node and the shape that the graph gives it, which may repeat the node's only row or column. */
    private record Value(Node node, List<Long> shape) {
        int rows() {
            return shape.size() < 2 ? 1 : product(shape.subList(0, shape.size() - 1));
        }

        int columns() {
            return shape.isEmpty() ? 1 : Math.toIntExact(shape.get(shape.size() - 1));
        }

        boolean isScalar() {
            return rows() == 1 && columns() == 1;
        }

        private static int product(List<Long> sizes) {
            return Math.toIntExact(sizes.stream().reduce(1L, Math::multiplyExact));
        }
    }

    private final Graph graph;
    private final Nodes nodes = new Nodes();
    private final Map<String, Value> values = new HashMap<>();

    Lowering(Graph graph) {
        this.graph = graph;
    }

    Nodes nodes() {
        return nodes;
    }

    /** The node of an output, with all of its rows and columns. */
    Node output(String name) {
        return full(value(name));
    }

    private Node full(Value value) {
        return nodes.expanded(value.node(), value.rows(), value.columns());
    }

    private Value value(String name) {
        Value known = values.get(name);
        if (known == null) {
            Variable variable = graph.variable(name);
            known = new Value(node(variable), variable.shape());
            values.put(name, known);
        }
        return known;
    }

    private Node node(Variable variable) {
        Value shaped = new Value(null, variable.shape());
        int rows = shaped.rows();
        int columns = shaped.columns();
        return switch (variable.origin()) {
            case INPUT -> nodes.source(Origin.INPUT, variable.name(), rows, columns);
            case VECTOR -> nodes.source(Origin.VECTOR, variable.name(), rows, columns);
            case LITERAL ->
                uniform(variable)
                        ? nodes.constant(variable.values()[0])
                        : nodes.source(Origin.LITERAL, variable.name(), rows, columns);
            case OPERATION -> {
                Operation operation = graph.operations().get(variable.name());
                Node node = lower(operation, operation.outputs().indexOf(variable.name()));
                yield node == null ? library(operation, variable) : node;
            }
        };
    }

    private static boolean uniform(Variable variable) {
        double[] values = variable.values();
        for (double value : values) {
            if (value != values[0]) {
                return false;
            }
        }
        return variable.real() && values.length > 0;
    }

    // ---- operations that we know ------------------------------------------------------------------------------------

    /** The node of one output; null if the operation, with these shapes, is left to the library. */
    private Node lower(Operation op, int output) {
        Variable result = graph.variable(op.outputs().get(output));
        if (!result.real() && !op.kind().equals("less")) {
            return null;
        }
        return switch (op.kind()) {
            case "neg" -> unary(op, Elementwise.NEG);
            case "abs" -> unary(op, Elementwise.ABS);
            case "sign" -> unary(op, Elementwise.SIGN);
            case "exp" -> unary(op, Elementwise.EXP);
            case "log" -> unary(op, Elementwise.LOG);
            case "log1p" -> unary(op, Elementwise.LOG1P);
            case "sqrt" -> unary(op, Elementwise.SQRT);
            case "tanh" -> unary(op, Elementwise.TANH);
            case "sigmoid" -> unary(op, Elementwise.SIGMOID);
            case "elu" -> op.reals().isEmpty() || op.reals().get(0) == 1 ? unary(op, Elementwise.ELU) : null;
            case "relu" -> op.reals().get(0) == 0 ? unary(op, Elementwise.RELU) : null;
            case "stop_gradient", "identity" ->
                real(op, 0) ? value(op.inputs().get(0)).node() : null;
            case "cast" -> cast(op);
            case "zeroslike", "zeros_like", "zeros_as" -> nodes.constant(0);
            case "ones_as", "ones_like" -> nodes.constant(1);
            case "less" -> binary(op, Elementwise.LESS);
            case "add" -> binary(op, Elementwise.ADD);
            case "subtract" -> binary(op, Elementwise.SUB);
            case "multiply" -> binary(op, Elementwise.MUL);
            case "divide" -> binary(op, Elementwise.DIV);
            case "add_scalar" -> withScalar(op, Elementwise.ADD, false);
            case "sub_scalar" -> withScalar(op, Elementwise.SUB, false);
            case "rsub_scalar" -> withScalar(op, Elementwise.SUB, true);
            case "mul_scalar" -> withScalar(op, Elementwise.MUL, false);
            case "div_scalar" -> withScalar(op, Elementwise.DIV, false);
            case "rdiv_scalar" -> withScalar(op, Elementwise.DIV, true);
            case "reduce_sum" -> reduce(op, false);
            case "reduce_mean" -> reduce(op, true);
            case "reduce_sum_bp" -> spread(op, false);
            case "reduce_mean_bp" -> spread(op, true);
            case "add_bp", "subtract_bp", "multiply_bp", "divide_bp" -> arithmeticGradient(op, output);
            case "tanh_bp" -> tanhGradient(op);
            case "sigmoid_bp" -> sigmoidGradient(op);
            case "thresholdedrelu_bp" ->
                op.reals().get(0) == 0 ? activationGradient(op, Elementwise.RELU_GRADIENT) : null;
            case "elu_bp" ->
                op.reals().isEmpty() || op.reals().get(0) == 1
                        ? activationGradient(op, Elementwise.ELU_GRADIENT)
                        : null;
            case "matmul" -> product(op);
            case "matmul_bp" -> productGradient(op, output);
            case "slice" -> slice(op);
            case "slice_bp" -> sliceGradient(op);
            case "concat" -> concat(op);
            case "concat_bp" -> concatGradient(op, output);
            case "reshape" -> reshape(op, result);
            case "transpose" -> transpose(op);
            default -> null;
        };
    }

    private boolean real(Operation op, int input) {
        return graph.variable(op.inputs().get(input)).real();
    }

    private Value input(Operation op, int index) {
        return value(op.inputs().get(index));
    }

    private Node unary(Operation op, Elementwise operation) {
        return op.inputs().size() == 1 && real(op, 0)
                ? nodes.apply(operation, input(op, 0).node())
                : null;
    }

    /** A comparison's zeros and ones are numbers here, so that casting them is nothing. */
    private Node cast(Operation op) {
        Variable from = graph.variable(op.inputs().get(0));
        Operation source = graph.operations().get(from.name());
        boolean compared = source != null && source.kind().equals("less") && lower(source, 0) != null;
        return from.real() || compared ? value(from.name()).node() : null;
    }

    private Node binary(Operation op, Elementwise operation) {
        return real(op, 0) && real(op, 1) ? broadcast(operation, input(op, 0), input(op, 1)) : null;
    }

    private Node broadcast(Elementwise operation, Value a, Value b) {
        if (!broadcasts(a, b)) {
            return null;
        }
        return nodes.apply(operation, a.node(), b.node());
    }

    /** Whether the two have the same shape, or repeat rows or columns of matrices only. */
    private static boolean broadcasts(Value a, Value b) {
        if (a.shape().equals(b.shape()) || a.isScalar() || b.isScalar()) {
            return true;
        }
        return a.shape().size() <= 2
                && b.shape().size() <= 2
                && (a.rows() == b.rows() || a.rows() == 1 || b.rows() == 1)
                && (a.columns() == b.columns() || a.columns() == 1 || b.columns() == 1);
    }

    private Node withScalar(Operation op, Elementwise operation, boolean scalarFirst) {
        if (op.inputs().size() != 1 || op.reals().size() != 1 || !real(op, 0)) {
            return null;
        }
        Node scalar = nodes.constant(op.reals().get(0));
        Node x = input(op, 0).node();
        return scalarFirst ? nodes.apply(operation, scalar, x) : nodes.apply(operation, x, scalar);
    }

    /** Null for sums that are not over rows, columns or all of a matrix. */
    private static Axis axis(List<Integer> dimensions, List<Long> shape) {
        if (dimensions.isEmpty() || dimensions.size() == shape.size()) {
            return Axis.ALL;
        }
        if (shape.size() != 2) {
            return null;
        }
        return dimensions.get(0) == 0 ? Axis.ROWS : Axis.COLUMNS;
    }

    private Node reduce(Operation op, boolean mean) {
        if (op.inputs().size() != 1 || !real(op, 0)) {
            return null;
        }
        Value x = input(op, 0);
        Axis axis = axis(op.dimensions(), x.shape());
        if (axis == null) {
            return null;
        }
        Node sum = nodes.sum(axis, x.node(), x.rows(), x.columns());
        if (op.booleans().get(0) && axis == Axis.COLUMNS && sum.columns() > 1) {
            sum = nodes.view(sum, x.rows(), 1);
        }
        return mean ? nodes.apply(Elementwise.MUL, nodes.constant(1.0 / count(axis, x)), sum) : sum;
    }

    private static long count(Axis axis, Value x) {
        return switch (axis) {
            case ALL -> (long) x.rows() * x.columns();
            case ROWS -> x.rows();
            case COLUMNS -> x.columns();
        };
    }

    /** A sum's gradient: the upstream gradient at every position that was summed. */
    private Node spread(Operation op, boolean mean) {
        if (op.inputs().size() != 2) {
            return null;
        }
        Value x = input(op, 0);
        Node upstream = input(op, 1).node();
        List<Integer> dimensions = op.integers().stream()
                .map(d -> Math.toIntExact(d < 0 ? d + x.shape().size() : d))
                .toList();
        Axis axis = axis(dimensions, x.shape());
        if (axis == null) {
            return null;
        }
        if (axis == Axis.COLUMNS && upstream.columns() > 1 && upstream.rows() == 1) {
            upstream = nodes.view(upstream, upstream.columns(), 1);
        }
        return mean ? nodes.apply(Elementwise.MUL, nodes.constant(1.0 / count(axis, x)), upstream) : upstream;
    }

    private Node arithmeticGradient(Operation op, int output) {
        if (op.inputs().size() != 3) {
            return null;
        }
        Value x = input(op, 0);
        Value y = input(op, 1);
        Value upstream = input(op, 2);
        if (!broadcasts(x, y)) {
            return null;
        }
        Node g = upstream.node();
        Node gradient = switch (op.kind()) {
            case "add_bp" -> g;
            case "subtract_bp" -> output == 0 ? g : nodes.apply(Elementwise.NEG, g);
            case "multiply_bp" -> nodes.apply(Elementwise.MUL, g, (output == 0 ? y : x).node());
            default ->
                output == 0
                        ? nodes.apply(Elementwise.DIV, g, y.node())
                        : nodes.apply(
                                Elementwise.NEG,
                                nodes.apply(
                                        Elementwise.DIV,
                                        nodes.apply(Elementwise.MUL, g, x.node()),
                                        nodes.apply(Elementwise.MUL, y.node(), y.node())));
        };
        return reduceTo(gradient, upstream, output == 0 ? x : y);
    }

    /** The gradient of what was repeated is the sum over its repetitions. */
    private Node reduceTo(Node gradient, Value upstream, Value target) {
        boolean rows = target.rows() < upstream.rows();
        boolean columns = target.columns() < upstream.columns();
        if (!rows && !columns) {
            return gradient;
        }
        Axis axis = rows && columns ? Axis.ALL : rows ? Axis.ROWS : Axis.COLUMNS;
        if (axis == Axis.ROWS && upstream.columns() == 1) {
            axis = Axis.ALL;
        }
        Node sum = nodes.sum(axis, gradient, upstream.rows(), upstream.columns());
        return axis == Axis.COLUMNS && sum.columns() > 1 ? nodes.view(sum, target.rows(), 1) : sum;
    }

    private Node activationGradient(Operation op, Elementwise operation) {
        return op.inputs().size() == 2
                ? nodes.apply(operation, input(op, 0).node(), input(op, 1).node())
                : null;
    }

    /** {@code g (1 - tanh(x)^2)}. */
    private Node tanhGradient(Operation op) {
        Node y = nodes.apply(Elementwise.TANH, input(op, 0).node());
        Node slope = nodes.apply(Elementwise.SUB, nodes.constant(1), nodes.apply(Elementwise.MUL, y, y));
        return nodes.apply(Elementwise.MUL, input(op, 1).node(), slope);
    }

    /** {@code g s (1 - s)}. */
    private Node sigmoidGradient(Operation op) {
        Node s = nodes.apply(Elementwise.SIGMOID, input(op, 0).node());
        Node slope = nodes.apply(Elementwise.MUL, s, nodes.apply(Elementwise.SUB, nodes.constant(1), s));
        return nodes.apply(Elementwise.MUL, input(op, 1).node(), slope);
    }

    // ---- matrices ---------------------------------------------------------------------------------------------------

    /** Plain and transposed products of matrices; ND4J's third flag transposes the result. */
    private static boolean plain(Operation op) {
        return op.integers().size() < 3 || op.integers().get(2) == 0;
    }

    private static boolean flag(Operation op, int index) {
        return op.integers().size() > index && op.integers().get(index) != 0;
    }

    private Node product(Operation op) {
        Value a = input(op, 0);
        Value b = input(op, 1);
        if (!plain(op) || a.shape().size() != 2 || b.shape().size() != 2) {
            return null;
        }
        if (op.reals().size() == 2 && (op.reals().get(0) != 1 || op.reals().get(1) != 0)) {
            return null;
        }
        return product(a, flag(op, 0), b, flag(op, 1));
    }

    private Node product(Value a, boolean transposeA, Value b, boolean transposeB) {
        return nodes.product(full(a), transposeA, full(b), transposeB);
    }

    /**
     * A reordering of columns as SameDiff can differentiate it: rows of the transpose are scattered onto zeros, or, in its
     * gradient, gathered.
     */
    private Node transpose(Operation op) {
        Operation moved = graph.operations().get(op.inputs().get(0));
        if (op.inputs().size() != 1 || moved == null) {
            return null;
        }
        return switch (moved.kind()) {
            case "gather" -> gathered(moved);
            case "scatter_add" -> scattered(moved);
            default -> null;
        };
    }

    private Node gathered(Operation op) {
        Value x = op.inputs().size() == 2 && op.integers().equals(List.of(0L))
                ? transposed(op.inputs().get(0))
                : null;
        double[] rows = x == null ? null : literalVector(op.inputs().get(1));
        return rows == null ? null : select(x, Selection.gathered(rows));
    }

    private Node scattered(Operation op) {
        Value x = op.inputs().size() == 3 ? transposed(op.inputs().get(2)) : null;
        double[] rows = x == null ? null : literalVector(op.inputs().get(1));
        if (rows == null || !value(op.inputs().get(0)).node().equals(nodes.constant(0))) {
            return null;
        }
        int columns =
                Math.toIntExact(graph.variable(op.outputs().get(0)).shape().get(0));
        return select(x, Selection.scattered(rows, columns));
    }

    private Node select(Value x, Selection selection) {
        return selection == null ? null : nodes.select(full(x), selection.columns());
    }

    /** The matrix of which a variable is the transpose; null if it is none. */
    private Value transposed(String name) {
        Operation op = graph.operations().get(name);
        if (op == null || !op.kind().equals("transpose") || op.inputs().size() != 1 || !real(op, 0)) {
            return null;
        }
        Value x = input(op, 0);
        return x.shape().size() == 2 ? x : null;
    }

    /** The numbers of a literal vector, of any type; else null. */
    private double[] literalVector(String name) {
        Variable variable = graph.variable(name);
        return variable.origin() == Graph.Origin.LITERAL && variable.shape().size() == 1 ? variable.values() : null;
    }

    private Node productGradient(Operation op, int output) {
        if (op.inputs().size() != 3 || !plain(op)) {
            return null;
        }
        Value a = input(op, 0);
        Value b = input(op, 1);
        Value g = input(op, 2);
        if (a.shape().size() != 2 || b.shape().size() != 2) {
            return null;
        }
        boolean ta = flag(op, 0);
        boolean tb = flag(op, 1);
        if (output == 0) {
            return ta ? product(b, tb, g, true) : product(g, false, b, !tb);
        }
        return tb ? product(g, true, a, ta) : product(a, !ta, g, false);
    }

    private Node slice(Operation op) {
        Value x = input(op, 0);
        if (op.inputs().size() != 1 || x.shape().size() != 2 || op.integers().size() != 4) {
            return null;
        }
        long size = op.integers().get(2);
        if (op.integers().get(0) != 0 || (size != -1 && size != x.rows())) {
            return null;
        }
        int from = Math.toIntExact(op.integers().get(1));
        return nodes.window(full(x), from, width(op, x, from));
    }

    private static int width(Operation op, Value x, int from) {
        int width = Math.toIntExact(op.integers().get(3));
        return width == -1 ? x.columns() - from : width;
    }

    private Node sliceGradient(Operation op) {
        Value x = input(op, 0);
        if (op.inputs().size() != 2 || x.shape().size() != 2 || op.integers().size() != 4) {
            return null;
        }
        long size = op.integers().get(2);
        if (op.integers().get(0) != 0 || (size != -1 && size != x.rows())) {
            return null;
        }
        int from = Math.toIntExact(op.integers().get(1));
        int width = width(op, x, from);
        Node zero = nodes.constant(0);
        Node part = nodes.expanded(input(op, 1).node(), x.rows(), width);
        return nodes.join(List.of(zero, part, zero), List.of(from, width, x.columns() - from - width));
    }

    private Node concat(Operation op) {
        List<Node> parts = new ArrayList<>();
        List<Integer> widths = new ArrayList<>();
        for (int i = 0; i < op.inputs().size(); i++) {
            Value part = input(op, i);
            if (part.shape().size() != 2 || op.integers().get(0) != 1) {
                return null;
            }
            parts.add(full(part));
            widths.add(part.columns());
        }
        return nodes.join(parts, widths);
    }

    private Node concatGradient(Operation op, int output) {
        Value g = input(op, op.inputs().size() - 1);
        if (g.shape().size() != 2 || op.integers().get(0) != 1) {
            return null;
        }
        int from = 0;
        for (int i = 0; i < output; i++) {
            from += input(op, i).columns();
        }
        return nodes.window(full(g), from, input(op, output).columns());
    }

    private Node reshape(Operation op, Variable result) {
        Value x = input(op, 0);
        if (x.isScalar() || x.node().size() == 1) {
            return x.node();
        }
        Value shaped = new Value(null, result.shape());
        return nodes.view(full(x), shaped.rows(), shaped.columns());
    }

    // ---- the rest ---------------------------------------------------------------------------------------------------

    private Node library(Operation op, Variable wanted) {
        List<Node> inputs = op.inputs().stream().map(this::operand).toList();
        Node library = nodes.library(op.name(), op.kind(), inputs);
        Value shaped = new Value(null, wanted.shape());
        int index = op.outputs().indexOf(wanted.name());
        return nodes.result(library, index, !wanted.real(), shaped.rows(), shaped.columns());
    }

    /** As it stands in memory; what is not of the program's type stays where ND4J has it. */
    private Node operand(String name) {
        Variable variable = graph.variable(name);
        if (variable.real()) {
            return nodes.compact(full(value(name)));
        }
        if (variable.origin() != Graph.Origin.OPERATION) {
            return nodes.source(Origin.LITERAL, name, 0, 0);
        }
        Operation source = graph.operations().get(name);
        // An identity never ran: it is another name of its input.
        return source.kind().equals("identity") ? operand(source.inputs().get(0)) : library(source, variable);
    }
}
