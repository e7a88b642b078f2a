package org.likelihood4j.engine.planning;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.likelihood4j.engine.plan.Elementwise;
import org.likelihood4j.engine.plan.Graph.Operation;
import org.likelihood4j.engine.plan.Graph.Variable;
import org.likelihood4j.engine.plan.Plan.Fold;

/** Operations on each position alone, and their gradients. */
final class ElementwiseRules {
    private final Operands operands;
    private final Nodes nodes;
    private final Broadcasting broadcasting;

    private ElementwiseRules(Operands operands) {
        this.operands = operands;
        this.nodes = operands.nodes();
        this.broadcasting = new Broadcasting(nodes);
    }

    /** By ND4J's names. */
    static Map<String, LoweringRule> of(Operands operands) {
        return new ElementwiseRules(operands).table();
    }

    private Map<String, LoweringRule> table() {
        Map<String, LoweringRule> rules = new HashMap<>();
        rules.put("neg", unary(Elementwise.NEG));
        rules.put("abs", unary(Elementwise.ABS));
        rules.put("sign", unary(Elementwise.SIGN));
        rules.put("exp", unary(Elementwise.EXP));
        rules.put("log", unary(Elementwise.LOG));
        rules.put("log1p", unary(Elementwise.LOG1P));
        rules.put("sqrt", unary(Elementwise.SQRT));
        rules.put("round", unary(Elementwise.ROUND));
        rules.put("tanh", unary(Elementwise.TANH));
        rules.put("sigmoid", unary(Elementwise.SIGMOID));
        rules.put("square", (op, output) -> unary(op, x -> nodes.apply(Elementwise.MUL, x, x)));
        rules.put("elu", (op, output) -> isUsual(op, 1) ? unary(op, x -> nodes.apply(Elementwise.ELU, x)) : null);
        rules.put("relu", (op, output) -> isUsual(op, 0) ? unary(op, x -> nodes.apply(Elementwise.RELU, x)) : null);
        rules.put("stop_gradient", (op, output) -> unary(op, x -> x));
        rules.put("identity", (op, output) -> unary(op, x -> x));
        rules.put("cast", (op, output) -> cast(op));
        for (String zeros : List.of("zeroslike", "zeros_like", "zeros_as")) {
            rules.put(zeros, (op, output) -> nodes.constant(0));
        }
        rules.put("ones_as", (op, output) -> nodes.constant(1));
        rules.put("ones_like", (op, output) -> nodes.constant(1));
        rules.put("less", binary((a, b) -> nodes.apply(Elementwise.LESS, a, b)));
        rules.put("greater", binary((a, b) -> nodes.apply(Elementwise.LESS, b, a)));
        rules.put("equals", binary((a, b) -> nodes.apply(Elementwise.EQUAL, a, b)));
        rules.put("add", binary((a, b) -> nodes.apply(Elementwise.ADD, a, b)));
        rules.put("subtract", binary((a, b) -> nodes.apply(Elementwise.SUB, a, b)));
        rules.put("multiply", binary((a, b) -> nodes.apply(Elementwise.MUL, a, b)));
        rules.put("divide", binary((a, b) -> nodes.apply(Elementwise.DIV, a, b)));
        rules.put("maximum", binary((a, b) -> nodes.apply(Elementwise.MAX, a, b)));
        rules.put("minimum", binary((a, b) -> nodes.apply(Elementwise.MIN, a, b)));
        rules.put("add_scalar", withScalar((x, scalar) -> nodes.apply(Elementwise.ADD, x, scalar)));
        rules.put("sub_scalar", withScalar((x, scalar) -> nodes.apply(Elementwise.SUB, x, scalar)));
        rules.put("rsub_scalar", withScalar((x, scalar) -> nodes.apply(Elementwise.SUB, scalar, x)));
        rules.put("mul_scalar", withScalar((x, scalar) -> nodes.apply(Elementwise.MUL, x, scalar)));
        rules.put("div_scalar", withScalar((x, scalar) -> nodes.apply(Elementwise.DIV, x, scalar)));
        rules.put("rdiv_scalar", withScalar((x, scalar) -> nodes.apply(Elementwise.DIV, scalar, x)));
        rules.put("pow", (op, output) -> square(op));
        rules.put("add_bp", gradient((x, y, g) -> g, (x, y, g) -> g));
        rules.put("subtract_bp", gradient((x, y, g) -> g, (x, y, g) -> nodes.apply(Elementwise.NEG, g)));
        rules.put(
                "multiply_bp",
                gradient(
                        (x, y, g) -> nodes.apply(Elementwise.MUL, g, y),
                        (x, y, g) -> nodes.apply(Elementwise.MUL, g, x)));
        rules.put("divide_bp", gradient((x, y, g) -> nodes.apply(Elementwise.DIV, g, y), this::divisorGradient));
        // Where both are equal both have the gradient, as in ND4J.
        rules.put("maximum_bp", gradient((x, y, g) -> unlessLess(x, y, g), (x, y, g) -> unlessLess(y, x, g)));
        rules.put("minimum_bp", gradient((x, y, g) -> unlessLess(y, x, g), (x, y, g) -> unlessLess(x, y, g)));
        rules.put("tanh_bp", (op, output) -> tanhGradient(op));
        rules.put("sigmoid_bp", (op, output) -> sigmoidGradient(op));
        rules.put(
                "thresholdedrelu_bp",
                (op, output) -> isUsual(op, 0) ? activationGradient(op, Elementwise.RELU_GRADIENT) : null);
        rules.put("elu_bp", (op, output) -> isUsual(op, 1) ? activationGradient(op, Elementwise.ELU_GRADIENT) : null);
        return rules;
    }

    /** Whether an activation's argument is the one that is known. */
    private static boolean isUsual(Operation op, double usual) {
        return op.reals().isEmpty() || op.reals().get(0) == usual;
    }

    private LoweringRule unary(Elementwise operation) {
        return (op, output) -> unary(op, x -> nodes.apply(operation, x));
    }

    private Node unary(Operation op, UnaryOperator<Node> made) {
        return op.inputs().size() == 1 && operands.real(op, 0)
                ? made.apply(operands.input(op, 0).node())
                : null;
    }

    /** A comparison's zeros and ones are numbers here, so that casting them is nothing. */
    private Node cast(Operation op) {
        Variable from = operands.graph().variable(op.inputs().get(0));
        if (from.real()) {
            return operands.value(from.name()).node();
        }
        Operation source = operands.graph().operations().get(from.name());
        if (source == null || !Lowering.COMPARISONS.contains(source.kind())) {
            return null;
        }
        Node compared = operands.value(from.name()).node();
        return compared.kind() instanceof Node.Kind.Result ? null : compared;
    }

    private LoweringRule binary(BinaryOperator<Node> operation) {
        return (op, output) -> {
            if (!operands.real(op, 0) || !operands.real(op, 1)) {
                return null;
            }
            List<Long> shape = operands.shape(op, output);
            Node a = broadcasting.spread(operands.input(op, 0), shape);
            Node b = broadcasting.spread(operands.input(op, 1), shape);
            return a == null || b == null ? null : operation.apply(a, b);
        };
    }

    private LoweringRule withScalar(BinaryOperator<Node> operation) {
        return (op, output) -> {
            if (op.inputs().size() != 1 || op.reals().size() != 1 || !operands.real(op, 0)) {
                return null;
            }
            Node scalar = nodes.constant(op.reals().get(0));
            return operation.apply(operands.input(op, 0).node(), scalar);
        };
    }

    private Node square(Operation op) {
        return op.reals().size() == 1 && op.reals().get(0) == 2
                ? unary(op, x -> nodes.apply(Elementwise.MUL, x, x))
                : null;
    }

    // ---- gradients --------------------------------------------------------------------------------------------------

    /** A gradient at every position of the result, from both operands and the upstream gradient there. */
    @FunctionalInterface
    private interface Slope {
        Node of(Node x, Node y, Node upstream);
    }

    /** The gradient of what was repeated is the sum over its repetitions. */
    private LoweringRule gradient(Slope first, Slope second) {
        return (op, output) -> {
            if (op.inputs().size() != 3) {
                return null;
            }
            ShapedNode x = operands.input(op, 0);
            ShapedNode y = operands.input(op, 1);
            ShapedNode upstream = operands.input(op, 2);
            Node a = broadcasting.spread(x, upstream.shape());
            Node b = broadcasting.spread(y, upstream.shape());
            if (a == null || b == null) {
                return null;
            }
            Node gradient = (output == 0 ? first : second).of(a, b, upstream.node());
            return broadcasting.fold(Fold.SUM, gradient, upstream.shape(), (output == 0 ? x : y).shape());
        };
    }

    /** {@code -g x/y^2}. */
    private Node divisorGradient(Node x, Node y, Node g) {
        Node product = nodes.apply(Elementwise.MUL, g, x);
        return nodes.apply(Elementwise.NEG, nodes.apply(Elementwise.DIV, product, nodes.apply(Elementwise.MUL, y, y)));
    }

    /** g where x is not below y, else 0. */
    private Node unlessLess(Node x, Node y, Node g) {
        return nodes.apply(Elementwise.RELU_GRADIENT, notLess(x, y), g);
    }

    /** 1 where x is not below y, else 0. */
    private Node notLess(Node x, Node y) {
        return nodes.apply(Elementwise.SUB, nodes.constant(1), nodes.apply(Elementwise.LESS, x, y));
    }

    private Node activationGradient(Operation op, Elementwise operation) {
        return op.inputs().size() == 2
                ? nodes.apply(
                        operation,
                        operands.input(op, 0).node(),
                        operands.input(op, 1).node())
                : null;
    }

    /** {@code g (1 - tanh(x)^2)}. */
    private Node tanhGradient(Operation op) {
        Node y = nodes.apply(Elementwise.TANH, operands.input(op, 0).node());
        Node slope = nodes.apply(Elementwise.SUB, nodes.constant(1), nodes.apply(Elementwise.MUL, y, y));
        return nodes.apply(Elementwise.MUL, operands.input(op, 1).node(), slope);
    }

    /** {@code g s (1 - s)}. */
    private Node sigmoidGradient(Operation op) {
        Node s = nodes.apply(Elementwise.SIGMOID, operands.input(op, 0).node());
        Node slope = nodes.apply(Elementwise.MUL, s, nodes.apply(Elementwise.SUB, nodes.constant(1), s));
        return nodes.apply(Elementwise.MUL, operands.input(op, 1).node(), slope);
    }
}
