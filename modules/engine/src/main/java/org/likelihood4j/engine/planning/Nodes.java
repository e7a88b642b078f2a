package org.likelihood4j.engine.planning;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.likelihood4j.engine.plan.ConvolutionShape;
import org.likelihood4j.engine.plan.ConvolutionShape.Direction;
import org.likelihood4j.engine.plan.Elementwise;
import org.likelihood4j.engine.plan.Layout.Narrowing;
import org.likelihood4j.engine.plan.Plan.Fold;
import org.likelihood4j.engine.plan.Plan.Reduction;
import org.likelihood4j.engine.planning.Node.Kind;
import org.likelihood4j.engine.planning.Node.Origin;

/**
 * Makes nodes, each only once, in their simplest form: equal subexpressions become one, constants are computed, and adding 0 or
 * multiplying by 1 vanishes.
 */
final class Nodes {
    private record Key(Kind kind, List<Integer> inputs, int rows, int columns) {}

    private static final Kind ROUNDED = new Kind.Apply(Elementwise.BFLOAT16);

    private final Narrowing narrowing;
    private final Map<Key, Node> known = new HashMap<>();
    private int next;

    /** Of a plan whose products and convolutions multiply bfloat16s where the device gains by it. */
    Nodes(Narrowing narrowing) {
        this.narrowing = narrowing;
    }

    private Node make(Kind kind, List<Node> inputs, int rows, int columns) {
        Key key = new Key(kind, inputs.stream().map(Node::id).toList(), rows, columns);
        Node node = known.get(key);
        if (node == null) {
            node = new Node(next++, kind, List.copyOf(inputs), rows, columns);
            known.put(key, node);
        }
        return node;
    }

    Node constant(double value) {
        return make(new Kind.Constant(value), List.of(), 1, 1);
    }

    Node source(Origin origin, String name, int rows, int columns) {
        return make(new Kind.Source(origin, name), List.of(), rows, columns);
    }

    Node apply(Elementwise operation, Node a) {
        if (operation.arity() != 1) {
            throw new IllegalArgumentException(operation + " takes two operands");
        }
        if (a.isConstant()) {
            return constant(operation.apply(a.constant(), 0));
        }
        if (operation == Elementwise.NEG && applied(a, Elementwise.NEG)) {
            return a.input(0);
        }
        return make(new Kind.Apply(operation), List.of(a), a.rows(), a.columns());
    }

    Node apply(Elementwise operation, Node a, Node b) {
        if (operation.arity() != 2) {
            throw new IllegalArgumentException(operation + " takes one operand");
        }
        if (a.isConstant() && b.isConstant()) {
            return constant(operation.apply(a.constant(), b.constant()));
        }
        switch (operation) {
            case ADD -> {
                if (a.isConstant(0) || b.isConstant(0)) {
                    return a.isConstant(0) ? b : a;
                }
                Node joined = addJoined(a, b);
                if (joined != null) {
                    return joined;
                }
                if (a.id() > b.id()) {
                    return apply(operation, b, a);
                }
            }
            case SUB -> {
                if (b.isConstant(0)) {
                    return a;
                }
            }
            case MUL -> {
                if (a.isConstant(1) || b.isConstant(1)) {
                    return a.isConstant(1) ? b : a;
                }
                if (a.isConstant(-1) || b.isConstant(-1)) {
                    return apply(Elementwise.NEG, a.isConstant(-1) ? b : a);
                }
                // A constant first, else the older one.
                if (!a.isConstant() && (b.isConstant() || a.id() > b.id())) {
                    return apply(operation, b, a);
                }
                // A product with a constant of a product with a constant.
                if (a.isConstant() && applied(b, Elementwise.MUL) && b.input(0).isConstant()) {
                    return apply(operation, constant(a.constant() * b.input(0).constant()), b.input(1));
                }
            }
            case DIV -> {
                if (b.isConstant(1)) {
                    return a;
                }
            }
            case MAX, MIN, EQUAL -> {
                if (a.id() > b.id()) {
                    return apply(operation, b, a);
                }
            }
            case RELU_GRADIENT -> {
                // The rectifier's output tells as much as its input, and it is in memory anyway.
                Node output =
                        known.get(new Key(new Kind.Apply(Elementwise.RELU), List.of(a.id()), a.rows(), a.columns()));
                if (output != null) {
                    return apply(operation, output, b);
                }
                // So does what it is rounded to.
                Node narrow = known.get(new Key(ROUNDED, List.of(a.id()), a.rows(), a.columns()));
                if (narrow != null) {
                    return apply(operation, narrow, b);
                }
            }
            default -> {
                // Nothing to simplify.
            }
        }
        return make(
                new Kind.Apply(operation),
                List.of(a, b),
                Math.max(a.rows(), b.rows()),
                Math.max(a.columns(), b.columns()));
    }

    private static boolean applied(Node node, Elementwise operation) {
        return node.kind() instanceof Kind.Apply apply && apply.operation() == operation;
    }

    /** A copy of its own, which nothing else is: with all rows and columns where the node has one of each. */
    Node copy(Node node, int rows, int columns) {
        Node copy = new Node(next++, new Kind.Apply(Elementwise.COPY), List.of(node), rows, columns);
        return copy;
    }

    /** The node itself, or the copy in which its single row or column is repeated. */
    Node expanded(Node node, int rows, int columns) {
        if (node.rows() == rows && node.columns() == columns && !node.isConstant()) {
            return node;
        }
        return make(new Kind.Apply(Elementwise.COPY), List.of(node), rows, columns);
    }

    /** Folds what a matrix of {@code rows} and {@code columns}, for which the node stands, has along the rows or columns. */
    Node reduce(Fold fold, Reduction over, Node node, int rows, int columns) {
        boolean overRows = over != Reduction.COLUMNS;
        boolean overColumns = over != Reduction.ROWS;
        double repeated =
                (overRows && node.rows() == 1 ? rows : 1.0) * (overColumns && node.columns() == 1 ? columns : 1.0);
        overRows &= node.rows() > 1;
        overColumns &= node.columns() > 1;
        Node folded = node;
        if (overRows && overColumns) {
            folded = reduced(fold, Reduction.ALL, 1, node, 1, 1);
        } else if (overRows) {
            folded = reduced(fold, node.columns() == 1 ? Reduction.ALL : Reduction.ROWS, 1, node, 1, node.columns());
        } else if (overColumns) {
            folded = node.rows() == 1
                    ? reduced(fold, Reduction.ALL, 1, node, 1, 1)
                    : reduced(fold, Reduction.COLUMNS, 1, node, 1, node.rows());
        } else if (over == Reduction.COLUMNS && node.rows() > 1) {
            folded = view(node, 1, node.rows());
        }
        return repeated(fold, folded, repeated);
    }

    /** Folds the rows of each group: row r of the {@code rows} is in group {@code r / each % groups}. */
    Node groups(Fold fold, Node node, int rows, int each, int groups) {
        return node.rows() == 1
                ? repeated(fold, node, (double) rows / groups)
                : reduced(fold, Reduction.GROUPS, each, node, groups, node.columns());
    }

    private Node reduced(Fold fold, Reduction over, int each, Node node, int rows, int columns) {
        return make(new Kind.Reduce(fold, over, each), List.of(node), rows, columns);
    }

    /** What stands for some equal numbers, folded. */
    private Node repeated(Fold fold, Node node, double times) {
        return fold == Fold.SUM ? apply(Elementwise.MUL, constant(times), node) : node;
    }

    /** Row r is row {@code r / each} of the node, which begins again after its last; a node of one row stands for all anyway. */
    Node repeated(Node node, int each, int rows) {
        if (node.rows() == 1 || node.rows() == rows) {
            return node;
        }
        return make(new Kind.Repeat(each), List.of(inRows(node)), rows, node.columns());
    }

    Node transpose(Node node) {
        if (node.rows() == 1 || node.columns() == 1) {
            return view(node, node.columns(), node.rows());
        }
        if (node.kind() instanceof Kind.Transpose) {
            return node.input(0);
        }
        return make(new Kind.Transpose(), List.of(inRows(node)), node.columns(), node.rows());
    }

    /** Whether all rows stand as far from each other, and the columns of a row beside each other. */
    private static boolean isInRows(Node node) {
        return node.kind() instanceof Kind.Window
                ? isInRows(node.input(0))
                : !(node.kind() instanceof Kind.Repeat) && !(node.kind() instanceof Kind.Transpose);
    }

    private Node inRows(Node node) {
        return isInRows(node) ? node : compact(node);
    }

    Node product(Node a, boolean transposeA, Node b, boolean transposeB) {
        if (a.kind() instanceof Kind.Transpose) {
            return product(a.input(0), !transposeA, b, transposeB);
        }
        if (b.kind() instanceof Kind.Transpose) {
            return product(a, transposeA, b.input(0), !transposeB);
        }
        int rows = transposeA ? a.columns() : a.rows();
        int columns = transposeB ? b.rows() : b.columns();
        int inner = transposeA ? a.rows() : a.columns();
        if (inner != (transposeB ? b.columns() : b.rows())) {
            throw new IllegalArgumentException("cannot multiply " + a + " with " + b);
        }
        boolean narrow = narrowing.ofProduct(rows, columns, inner);
        List<Node> factors = narrow ? List.of(rounded(a), rounded(b)) : List.of(inRows(a), inRows(b));
        return make(new Kind.Product(transposeA, transposeB, narrow), factors, rows, columns);
    }

    /** The node in bfloat16, row after row. */
    private Node rounded(Node node) {
        return node.kind() instanceof Kind.View
                ? view(rounded(node.input(0)), node.rows(), node.columns())
                : make(ROUNDED, List.of(node), node.rows(), node.columns());
    }

    /** The same for a convolution, which rounds parameters and constants while it brings them into an order that it likes. */
    private Node roundedForConvolution(Node node) {
        boolean stays = node.kind() instanceof Kind.Source source && source.origin() != Origin.INPUT;
        return stays ? node : rounded(node);
    }

    /**
     * A convolution or one of its gradients: a product where it is one.
     *
     * @param a x, or the gradient with respect to y for {@link Direction#DATA}
     * @param b w, or the gradient with respect to y for {@link Direction#WEIGHTS}
     */
    Node convolution(ConvolutionShape shape, Direction direction, Node a, Node b) {
        if (shape.isPointwise()) {
            return product(a, direction == Direction.WEIGHTS, b, direction == Direction.DATA);
        }
        if (shape.isWhole()) {
            Node images = direction == Direction.DATA ? a : view(a, shape.images(), shape.taps());
            Node product = product(images, direction == Direction.WEIGHTS, b, direction == Direction.DATA);
            return direction == Direction.DATA ? view(product, shape.rows(), shape.in()) : product;
        }
        boolean narrow = narrowing.ofConvolution(shape, direction);
        List<Node> inputs =
                narrow ? List.of(roundedForConvolution(a), roundedForConvolution(b)) : List.of(compact(a), compact(b));
        Kind kind = new Kind.Convolution(shape, direction, narrow);
        return switch (direction) {
            case FORWARD -> make(kind, inputs, shape.outRows(), shape.out());
            case DATA -> make(kind, inputs, shape.rows(), shape.in());
            case WEIGHTS -> make(kind, inputs, shape.taps(), shape.out());
        };
    }

    Node window(Node node, int from, int columns) {
        if (from == 0 && columns == node.columns()) {
            return node;
        }
        if (node.kind() instanceof Kind.Window window) {
            return window(node.input(0), window.from() + from, columns);
        }
        if (node.kind() instanceof Kind.Join join) {
            int start = 0;
            for (int i = 0;
                    i < join.widths().size() && start <= from;
                    start += join.widths().get(i), i++) {
                if (start == from
                        && join.widths().get(i) == columns
                        && !node.input(i).isConstant()) {
                    return node.input(i);
                }
            }
        }
        return make(new Kind.Window(from), List.of(node), node.rows(), columns);
    }

    Node join(List<Node> parts, List<Integer> widths) {
        List<Node> inputs = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        int rows = parts.stream().mapToInt(Node::rows).max().orElseThrow();
        for (int i = 0; i < parts.size(); i++) {
            if (widths.get(i) > 0) {
                Node part = parts.get(i);
                inputs.add(part.isConstant(0) ? part : expanded(part, rows, widths.get(i)));
                sizes.add(widths.get(i));
            }
        }
        int columns = sizes.stream().mapToInt(Integer::intValue).sum();
        return inputs.size() == 1 ? inputs.get(0) : make(new Kind.Join(List.copyOf(sizes)), inputs, rows, columns);
    }

    /**
     * The sum of two joins whose parts that are not zero stand beside each other, as gradients of slices do: one join. Null for
     * any others.
     */
    private Node addJoined(Node a, Node b) {
        if (!(a.kind() instanceof Kind.Join) || !(b.kind() instanceof Kind.Join) || a.columns() != b.columns()) {
            return null;
        }
        List<Node> parts = new ArrayList<>();
        List<Integer> widths = new ArrayList<>();
        Cursor x = new Cursor(a);
        Cursor y = new Cursor(b);
        while (!x.done()) {
            // One of the two is a whole part, the other one zeros at least as wide.
            if (y.zero() && !x.zero() && x.whole() && y.left >= x.left) {
                parts.add(x.part());
                widths.add(x.left);
            } else if (x.zero() && !y.zero() && y.whole() && x.left >= y.left) {
                parts.add(y.part());
                widths.add(y.left);
            } else if (x.zero() && y.zero()) {
                parts.add(constant(0));
                widths.add(Math.min(x.left, y.left));
            } else {
                return null;
            }
            int width = widths.get(widths.size() - 1);
            x.advance(width);
            y.advance(width);
        }
        return join(parts, widths);
    }

    /** Walks over the parts of a join. */
    private static final class Cursor {
        private final Node join;
        private final List<Integer> widths;
        private int index;
        private int left;

        Cursor(Node join) {
            this.join = join;
            this.widths = ((Kind.Join) join.kind()).widths();
            this.left = widths.get(0);
        }

        boolean done() {
            return index == widths.size();
        }

        Node part() {
            return join.input(index);
        }

        boolean zero() {
            return part().isConstant(0);
        }

        boolean whole() {
            return left == widths.get(index);
        }

        void advance(int width) {
            left -= width;
            if (left == 0) {
                index++;
                left = done() ? 0 : widths.get(index);
            }
        }
    }

    Node view(Node node, int rows, int columns) {
        if (node.size() != Math.multiplyExact(rows, columns)) {
            throw new IllegalArgumentException("cannot look at " + node + " as " + rows + " x " + columns);
        }
        if (node.rows() == rows && node.columns() == columns) {
            return node;
        }
        if (node.kind() instanceof Kind.View) {
            return view(node.input(0), rows, columns);
        }
        return make(new Kind.View(), List.of(compact(node)), rows, columns);
    }

    /** The node, or where its rows do not follow each other in memory a copy whose rows do. */
    Node compact(Node node) {
        return node.isScattered()
                ? make(new Kind.Apply(Elementwise.COPY), List.of(node), node.rows(), node.columns())
                : node;
    }

    Node select(Node node, List<Integer> columns) {
        return make(new Kind.Select(List.copyOf(columns)), List.of(inRows(node)), node.rows(), columns.size());
    }

    Node library(String operation, String kind, List<Node> inputs) {
        return make(new Kind.Library(operation, kind), inputs, 0, 0);
    }

    Node result(Node library, int index, boolean foreign, int rows, int columns) {
        return make(new Kind.Result(index, foreign), List.of(library), rows, columns);
    }
}
