package org.likelihood4j.engine.planning;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.likelihood4j.engine.plan.Elementwise;
import org.likelihood4j.engine.plan.Graph.Operation;
import org.likelihood4j.engine.plan.Plan.Fold;

/**
 * Sums, means and largest numbers over some dimensions, and the gradients of sums and means. (That of a largest number goes to the
 * first position that has it, which no kernel of a plan can tell from a second one: it is left to the library.)
 */
final class ReductionRules {
    private final Operands operands;
    private final Nodes nodes;
    private final Broadcasting broadcasting;

    private ReductionRules(Operands operands) {
        this.operands = operands;
        this.nodes = operands.nodes();
        this.broadcasting = new Broadcasting(nodes);
    }

    /** By ND4J's names. */
    static Map<String, LoweringRule> of(Operands operands) {
        ReductionRules rules = new ReductionRules(operands);
        return Map.of(
                "reduce_sum", (op, output) -> rules.reduce(op, Fold.SUM, false),
                "reduce_mean", (op, output) -> rules.reduce(op, Fold.SUM, true),
                "reduce_max", (op, output) -> rules.reduce(op, Fold.MAX, false),
                "reduce_min", (op, output) -> rules.smallest(op),
                "reduce_sum_bp", (op, output) -> rules.spread(op, false),
                "reduce_mean_bp", (op, output) -> rules.spread(op, true));
    }

    /** A shape in which each of the dimensions, or all where there are none, is 1. */
    private static List<Long> reduced(List<Long> shape, List<Integer> dimensions) {
        List<Long> reduced = new ArrayList<>(shape);
        for (int i = 0; i < shape.size(); i++) {
            if (dimensions.isEmpty() || dimensions.contains(i)) {
                reduced.set(i, 1L);
            }
        }
        return reduced;
    }

    private Node reduce(Operation op, Fold fold, boolean mean) {
        return op.inputs().size() == 1 && operands.real(op, 0) ? reduce(op, fold, operands.input(op, 0), mean) : null;
    }

    private Node reduce(Operation op, Fold fold, ShapedNode x, boolean mean) {
        List<Long> kept = reduced(x.shape(), op.dimensions());
        if (!Broadcasting.fits(x.shape(), kept)) {
            return null;
        }
        Node folded = broadcasting.fold(fold, x.node(), x.shape(), kept);
        Node scaled = mean ? mean(folded, x.shape(), kept) : folded;
        return shaped(scaled, operands.shape(op, 0));
    }

    /** {@code -max(-x)}. */
    private Node smallest(Operation op) {
        if (op.inputs().size() != 1 || !operands.real(op, 0)) {
            return null;
        }
        ShapedNode x = operands.input(op, 0);
        ShapedNode negative = new ShapedNode(nodes.apply(Elementwise.NEG, x.node()), x.shape());
        Node largest = reduce(op, Fold.MAX, negative, false);
        return largest == null ? null : nodes.apply(Elementwise.NEG, largest);
    }

    private Node mean(Node sum, List<Long> from, List<Long> to) {
        double count = (double) ShapedNode.size(from) / ShapedNode.size(to);
        return nodes.apply(Elementwise.MUL, nodes.constant(1 / count), sum);
    }

    /** With the rows and columns of a shape, where it does not stand for them all with one of each. */
    private Node shaped(Node node, List<Long> shape) {
        int rows = ShapedNode.rows(shape);
        int columns = ShapedNode.columns(shape);
        return node.size() == rows * columns ? nodes.view(node, rows, columns) : node;
    }

    /**
     * The same numbers under another shape. A node with a single row or column that stands for several keeps its meaning only
     * where rows stay rows and columns columns.
     */
    private Node at(ShapedNode value, List<Long> shape) {
        boolean stays = value.rows() == ShapedNode.rows(shape) && value.columns() == ShapedNode.columns(shape);
        return stays || value.node().size() == 1 ? value.node() : shaped(operands.full(value), shape);
    }

    /** A sum's gradient: the upstream gradient at every position that was summed. */
    private Node spread(Operation op, boolean mean) {
        if (op.inputs().size() != 2) {
            return null;
        }
        ShapedNode x = operands.input(op, 0);
        ShapedNode upstream = operands.input(op, 1);
        List<Integer> dimensions = op.integers().stream()
                .map(d -> Math.toIntExact(d < 0 ? d + x.rank() : d))
                .toList();
        List<Long> kept = reduced(x.shape(), dimensions);
        Node spread = broadcasting.spread(new ShapedNode(at(upstream, kept), kept), x.shape());
        return mean && spread != null ? mean(spread, x.shape(), kept) : spread;
    }
}
