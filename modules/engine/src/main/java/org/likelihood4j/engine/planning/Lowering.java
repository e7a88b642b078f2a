package org.likelihood4j.engine.planning;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.likelihood4j.engine.plan.Graph;
import org.likelihood4j.engine.plan.Graph.Operation;
import org.likelihood4j.engine.plan.Graph.Variable;
import org.likelihood4j.engine.plan.Layout.Narrowing;
import org.likelihood4j.engine.planning.Node.Origin;

/**
 * Turns the part of a graph that its wanted outputs need into nodes.
 *
 * <p>It works backwards from the outputs, so that whatever nobody asks for is never made: above all the gradients with respect to
 * inputs, which SameDiff's backward operations return beside the wanted ones. An operation that no {@link LoweringRule} knows, or
 * knows for other shapes only, becomes a library operation.
 */
final class Lowering implements Operands {
    /** Operations whose truths are 1 and 0 in a plan. */
    static final Set<String> COMPARISONS = Set.of("less", "greater", "equals");

    /** Of operations whose gradients are 0 where the last input, the upstream gradient, is. */
    private static final Set<String> GRADIENTS = Set.of(
            "add_bp",
            "subtract_bp",
            "multiply_bp",
            "divide_bp",
            "maximum_bp",
            "minimum_bp",
            "reduce_sum_bp",
            "reduce_mean_bp",
            "reduce_max_bp",
            "reduce_min_bp",
            "tanh_bp",
            "sigmoid_bp",
            "thresholdedrelu_bp",
            "elu_bp",
            "matmul_bp",
            "conv2d_bp",
            "deconv2d_bp",
            "slice_bp",
            "concat_bp");

    private final Graph graph;
    private final Nodes nodes;
    private final Map<String, LoweringRule> rules = new HashMap<>();
    private final Map<String, ShapedNode> values = new HashMap<>();

    Lowering(Graph graph, Narrowing narrowing) {
        this.graph = graph;
        this.nodes = new Nodes(narrowing);
        rules.putAll(ElementwiseRules.of(this));
        rules.putAll(ReductionRules.of(this));
        rules.putAll(ProductRules.of(this));
        rules.putAll(ConvolutionRules.of(this));
        rules.putAll(ShapeRules.of(this));
    }

    @Override
    public Graph graph() {
        return graph;
    }

    @Override
    public Nodes nodes() {
        return nodes;
    }

    /** The node of an output, with all of its rows and columns. */
    Node output(String name) {
        return full(value(name));
    }

    @Override
    public ShapedNode value(String name) {
        ShapedNode known = values.get(name);
        if (known == null) {
            Variable variable = graph.variable(name);
            known = new ShapedNode(node(variable), variable.shape());
            values.put(name, known);
        }
        return known;
    }

    private Node node(Variable variable) {
        int rows = ShapedNode.rows(variable.shape());
        int columns = ShapedNode.columns(variable.shape());
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

    /** The node of one output; null if the operation, with these shapes, is left to the library. */
    private Node lower(Operation op, int output) {
        if (!graph.variable(op.outputs().get(output)).real() && !COMPARISONS.contains(op.kind())) {
            return null;
        }
        if (GRADIENTS.contains(op.kind()) && isZero(op)) {
            return nodes.constant(0);
        }
        LoweringRule rule = rules.get(op.kind());
        return rule == null ? null : rule.lower(op, output);
    }

    /** Behind what stops gradients they are all 0, and SameDiff differentiates on. */
    private boolean isZero(Operation op) {
        int last = op.inputs().size() - 1;
        for (int i = 0; i < last; i++) {
            if (real(op, i)) {
                input(op, i);
            }
        }
        return real(op, last) && input(op, last).node().isConstant(0);
    }

    // ---- what no rule knows -----------------------------------------------------------------------------------------

    private Node library(Operation op, Variable wanted) {
        List<Node> inputs = op.inputs().stream().map(this::operand).toList();
        Node library = nodes.library(op.name(), op.kind(), inputs);
        int index = op.outputs().indexOf(wanted.name());
        int rows = ShapedNode.rows(wanted.shape());
        int columns = ShapedNode.columns(wanted.shape());
        return nodes.result(library, index, !wanted.real(), rows, columns);
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
