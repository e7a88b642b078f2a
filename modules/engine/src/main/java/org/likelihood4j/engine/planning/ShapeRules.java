package org.likelihood4j.engine.planning;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.likelihood4j.engine.plan.Graph;
import org.likelihood4j.engine.plan.Graph.Operation;
import org.likelihood4j.engine.plan.Graph.Variable;

/** Operations that compute nothing: columns that are cut out, put side by side or reordered, and other shapes of the same numbers. */
final class ShapeRules {
    private final Operands operands;
    private final Nodes nodes;

    private ShapeRules(Operands operands) {
        this.operands = operands;
        this.nodes = operands.nodes();
    }

    /** By ND4J's names. */
    static Map<String, LoweringRule> of(Operands operands) {
        ShapeRules rules = new ShapeRules(operands);
        return Map.of(
                "slice", (op, output) -> rules.slice(op),
                "slice_bp", (op, output) -> rules.sliceGradient(op),
                "concat", (op, output) -> rules.concat(op),
                "concat_bp", rules::concatGradient,
                "reshape", (op, output) -> rules.reshape(op),
                "transpose", (op, output) -> rules.transpose(op),
                "gather", (op, output) -> rules.gather(op),
                "scatter_add", (op, output) -> rules.scatter(op));
    }

    // ---- columns ----------------------------------------------------------------------------------------------------

    private Node slice(Operation op) {
        ShapedNode x = operands.input(op, 0);
        if (op.inputs().size() != 1 || !takesAllRows(op, x)) {
            return null;
        }
        int from = Math.toIntExact(op.integers().get(1));
        return nodes.window(operands.full(x), from, width(op, x, from));
    }

    private static boolean takesAllRows(Operation op, ShapedNode x) {
        if (x.rank() != 2 || op.integers().size() != 4) {
            return false;
        }
        long size = op.integers().get(2);
        return op.integers().get(0) == 0 && (size == -1 || size == x.rows());
    }

    private static int width(Operation op, ShapedNode x, int from) {
        int width = Math.toIntExact(op.integers().get(3));
        return width == -1 ? x.columns() - from : width;
    }

    private Node sliceGradient(Operation op) {
        ShapedNode x = operands.input(op, 0);
        if (op.inputs().size() != 2 || !takesAllRows(op, x)) {
            return null;
        }
        int from = Math.toIntExact(op.integers().get(1));
        int width = width(op, x, from);
        Node zero = nodes.constant(0);
        Node part = nodes.expanded(operands.input(op, 1).node(), x.rows(), width);
        return nodes.join(List.of(zero, part, zero), List.of(from, width, x.columns() - from - width));
    }

    private Node concat(Operation op) {
        List<Node> parts = new ArrayList<>();
        List<Integer> widths = new ArrayList<>();
        for (int i = 0; i < op.inputs().size(); i++) {
            ShapedNode part = operands.input(op, i);
            if (part.rank() != 2 || op.integers().get(0) != 1) {
                return null;
            }
            parts.add(operands.full(part));
            widths.add(part.columns());
        }
        return nodes.join(parts, widths);
    }

    private Node concatGradient(Operation op, int output) {
        ShapedNode g = operands.input(op, op.inputs().size() - 1);
        if (g.rank() != 2 || op.integers().get(0) != 1) {
            return null;
        }
        int from = 0;
        for (int i = 0; i < output; i++) {
            from += operands.input(op, i).columns();
        }
        return nodes.window(operands.full(g), from, operands.input(op, output).columns());
    }

    private Node reshape(Operation op) {
        ShapedNode x = operands.input(op, 0);
        if (x.node().size() == 1) {
            return x.node();
        }
        List<Long> shape = operands.shape(op, 0);
        return nodes.view(operands.full(x), ShapedNode.rows(shape), ShapedNode.columns(shape));
    }

    // ---- transposes -------------------------------------------------------------------------------------------------

    private Node transpose(Operation op) {
        ShapedNode x = op.inputs().size() == 1 && operands.real(op, 0) ? operands.input(op, 0) : null;
        return x != null && x.rank() == 2 ? nodes.transpose(operands.full(x)) : null;
    }

    /**
     * Rows of a transpose: a reordering of columns, as SameDiff can differentiate it, scatters them onto zeros, and its gradient gathers
     * them.
     */
    private Node gather(Operation op) {
        ShapedNode x = op.inputs().size() == 2 && op.integers().equals(List.of(0L))
                ? transposed(op.inputs().get(0))
                : null;
        double[] rows = x == null ? null : literalVector(op.inputs().get(1));
        return rows == null ? null : select(x, Selection.gathered(rows));
    }

    private Node scatter(Operation op) {
        ShapedNode x = op.inputs().size() == 3 ? transposed(op.inputs().get(2)) : null;
        double[] rows = x == null ? null : literalVector(op.inputs().get(1));
        if (rows == null || !operands.input(op, 0).node().equals(nodes.constant(0))) {
            return null;
        }
        int columns = Math.toIntExact(operands.shape(op, 0).get(0));
        return select(x, Selection.scattered(rows, columns));
    }

    /** The transpose of what is selected of x. */
    private Node select(ShapedNode x, Selection selection) {
        return selection == null ? null : nodes.transpose(nodes.select(operands.full(x), selection.columns()));
    }

    /** The matrix of which a variable is the transpose; null if it is none. */
    private ShapedNode transposed(String name) {
        Operation op = operands.graph().operations().get(name);
        if (op == null || !op.kind().equals("transpose") || op.inputs().size() != 1 || !operands.real(op, 0)) {
            return null;
        }
        ShapedNode x = operands.input(op, 0);
        return x.rank() == 2 ? x : null;
    }

    /** The numbers of a literal vector, of any type; else null. */
    private double[] literalVector(String name) {
        Variable variable = operands.graph().variable(name);
        return variable.origin() == Graph.Origin.LITERAL && variable.shape().size() == 1 ? variable.values() : null;
    }
}
