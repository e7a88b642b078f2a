package org.likelihood4j.engine.planning;

import java.util.Map;
import org.likelihood4j.engine.plan.Graph.Operation;

/** Products of matrices and their gradients. */
final class ProductRules {
    private final Operands operands;

    private ProductRules(Operands operands) {
        this.operands = operands;
    }

    /** By ND4J's names. */
    static Map<String, LoweringRule> of(Operands operands) {
        ProductRules rules = new ProductRules(operands);
        return Map.of("matmul", (op, output) -> rules.product(op), "matmul_bp", rules::gradient);
    }

    /** Plain and transposed products of matrices; ND4J's third flag transposes the result. */
    private static boolean plain(Operation op) {
        return op.integers().size() < 3 || op.integers().get(2) == 0;
    }

    private static boolean flag(Operation op, int index) {
        return op.integers().size() > index && op.integers().get(index) != 0;
    }

    private Node product(Operation op) {
        ShapedNode a = operands.input(op, 0);
        ShapedNode b = operands.input(op, 1);
        if (!plain(op) || a.rank() != 2 || b.rank() != 2) {
            return null;
        }
        if (op.reals().size() == 2 && (op.reals().get(0) != 1 || op.reals().get(1) != 0)) {
            return null;
        }
        return product(a, flag(op, 0), b, flag(op, 1));
    }

    private Node product(ShapedNode a, boolean transposeA, ShapedNode b, boolean transposeB) {
        return operands.nodes().product(operands.full(a), transposeA, operands.full(b), transposeB);
    }

    private Node gradient(Operation op, int output) {
        if (op.inputs().size() != 3 || !plain(op)) {
            return null;
        }
        ShapedNode a = operands.input(op, 0);
        ShapedNode b = operands.input(op, 1);
        ShapedNode g = operands.input(op, 2);
        if (a.rank() != 2 || b.rank() != 2) {
            return null;
        }
        boolean ta = flag(op, 0);
        boolean tb = flag(op, 1);
        if (output == 0) {
            return ta ? product(b, tb, g, true) : product(g, false, b, !tb);
        }
        return tb ? product(g, true, a, ta) : product(a, !ta, g, false);
    }
}
