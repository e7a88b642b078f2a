package org.likelihood4j.engine.planning;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.likelihood4j.engine.plan.Plan.Fold;
import org.likelihood4j.engine.plan.Plan.Reduction;

/**
 * Values that repeat over larger shapes, and the way back: folding over what was repeated. Shapes are aligned at their last
 * dimensions, and a dimension of 1 repeats.
 *
 * <p>Of three and more dimensions all but the last are rows. The dimensions that a value really has must follow each other: with
 * {@code [N, 1, L]} in {@code [N, K, L]} each row comes K times in turn, with {@code [1, K, L]} the K rows come again N times.
 */
final class Broadcasting {
    private final Nodes nodes;

    Broadcasting(Nodes nodes) {
        this.nodes = nodes;
    }

    /** Row r is row {@code r / each % different} of the {@code different} rows. */
    private record Rows(int each, int different) {}

    /** The rows of a shape within those of a larger one; null if they are no such simple pattern. */
    private static Rows rows(List<Long> shape, List<Long> within) {
        if (shape.size() > within.size()) {
            return shape.get(0) == 1 ? rows(shape.subList(1, shape.size()), within) : null;
        }
        List<Long> padded = new ArrayList<>(Collections.nCopies(within.size() - shape.size(), 1L));
        padded.addAll(shape);
        int each = 1;
        int different = 1;
        boolean ended = false;
        for (int i = within.size() - 2; i >= 0; i--) {
            int size = Math.toIntExact(within.get(i));
            if (padded.get(i) != 1 && padded.get(i) != size) {
                return null;
            }
            boolean own = padded.get(i) == size;
            if (size > 1 && own) {
                if (ended) {
                    return null;
                }
                different *= size;
            } else if (size > 1 && different > 1) {
                ended = true;
            } else {
                each *= size;
            }
        }
        int columns = ShapedNode.columns(shape);
        return columns == 1 || columns == ShapedNode.columns(within) ? new Rows(each, different) : null;
    }

    /** The value over a larger shape, where one row or column may still stand for all; null if it does not fit. */
    Node spread(ShapedNode value, List<Long> shape) {
        Rows rows = rows(value.shape(), shape);
        if (rows == null) {
            return null;
        }
        return nodes.repeated(value.node(), rows.each(), ShapedNode.rows(shape));
    }

    /** Whether a value of the second shape repeats to the first one, so that {@link #fold} can undo it. */
    static boolean fits(List<Long> from, List<Long> to) {
        return rows(to, from) != null;
    }

    /** Folds a value of one shape over all positions that have the same one in a smaller shape. */
    Node fold(Fold fold, Node node, List<Long> from, List<Long> to) {
        Rows kept = rows(to, from);
        int rows = ShapedNode.rows(from);
        int columns = ShapedNode.columns(from);
        boolean overRows = kept.different() < rows;
        boolean overColumns = ShapedNode.columns(to) < columns;
        if (!overRows && !overColumns) {
            return node;
        }
        if (overRows && kept.different() == 1) {
            boolean all = overColumns || columns == 1;
            return nodes.reduce(fold, all ? Reduction.ALL : Reduction.ROWS, node, rows, columns);
        }
        Node folded = node;
        if (overColumns) {
            folded = nodes.reduce(fold, Reduction.COLUMNS, folded, rows, columns);
            folded = folded.columns() > 1 ? nodes.view(folded, rows, 1) : folded;
        }
        return overRows ? nodes.groups(fold, folded, rows, kept.each(), kept.different()) : folded;
    }
}
