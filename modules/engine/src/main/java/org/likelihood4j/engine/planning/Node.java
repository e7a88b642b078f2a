package org.likelihood4j.engine.planning;

import java.util.List;
import org.likelihood4j.engine.plan.Bfloat16;
import org.likelihood4j.engine.plan.ConvolutionShape;
import org.likelihood4j.engine.plan.ConvolutionShape.Direction;
import org.likelihood4j.engine.plan.Elementwise;
import org.likelihood4j.engine.plan.Plan.Fold;
import org.likelihood4j.engine.plan.Plan.Reduction;

/**
 * A value of a computation: what it is made of, and how many rows and columns it really has.
 *
 * <p>A vector is one row. A value with one row (or column) stands for any number of equal ones wherever a matrix is wanted, so
 * that nothing is copied only to repeat it: a scalar is 1 x 1, a bias 1 x C. Nodes are made by {@link Nodes} only, which
 * makes each of them once, so that equal nodes are identical; the number of a node is above its inputs'.
 */
final class Node {
    /** What a node is. */
    sealed interface Kind {
        /** One number, known before any run. */
        record Constant(double value) implements Kind {}

        /** What stands in memory when a run starts. */
        record Source(Origin origin, String name) implements Kind {}

        /** An operation at every position, over all rows and columns of its widest operand. */
        record Apply(Elementwise operation) implements Kind {}

        /**
         * Sums or largest numbers of a matrix.
         *
         * @param each adjacent rows that are of one group, for {@link Reduction#GROUPS}; else 1
         */
        record Reduce(Fold fold, Reduction over, int each) implements Kind {}

        /**
         * A matrix product.
         *
         * @param narrow whether its factors are rounded to {@link Bfloat16}
         */
        record Product(boolean transposeA, boolean transposeB, boolean narrow) implements Kind {}

        /**
         * A convolution or one of its gradients.
         *
         * @param narrow whether what it multiplies is rounded to {@link Bfloat16}
         */
        record Convolution(ConvolutionShape shape, Direction direction, boolean narrow) implements Kind {}

        /** Some adjacent columns of a matrix in memory: no copy. */
        record Window(int from) implements Kind {}

        /** Matrices side by side; a constant 0 among the inputs is that many columns of zeros. */
        record Join(List<Integer> widths) implements Kind {}

        /** The same memory with other numbers of rows and columns: no copy. */
        record View() implements Kind {}

        /** Row r is row {@code r / each % n} of n: no copy. */
        record Repeat(int each) implements Kind {}

        /** Rows as columns: no copy. */
        record Transpose() implements Kind {}

        /** Some columns of a matrix, in any order; -1 is a column of zeros. */
        record Select(List<Integer> columns) implements Kind {}

        /** An operation that ND4J runs; its results are nodes of their own. */
        record Library(String operation, String kind) implements Kind {}

        /** One result of a library operation. A result that is not of the program's type stays in ND4J's own memory. */
        record Result(int index, boolean foreign) implements Kind {}
    }

    /** Where a source comes from. */
    enum Origin {
        INPUT,
        VECTOR,
        LITERAL
    }

    private final int id;
    private final Kind kind;
    private final List<Node> inputs;
    private final int rows;
    private final int columns;

    Node(int id, Kind kind, List<Node> inputs, int rows, int columns) {
        this.id = id;
        this.kind = kind;
        this.inputs = inputs;
        this.rows = rows;
        this.columns = columns;
    }

    int id() {
        return id;
    }

    Kind kind() {
        return kind;
    }

    List<Node> inputs() {
        return inputs;
    }

    Node input(int index) {
        return inputs.get(index);
    }

    int rows() {
        return rows;
    }

    int columns() {
        return columns;
    }

    int size() {
        return Math.multiplyExact(rows, columns);
    }

    boolean isConstant() {
        return kind instanceof Kind.Constant;
    }

    boolean isConstant(double value) {
        return kind instanceof Kind.Constant constant && constant.value() == value;
    }

    double constant() {
        return ((Kind.Constant) kind).value();
    }

    /** Whether the node is computed by a fused kernel. */
    boolean isFusable() {
        return kind instanceof Kind.Apply || kind instanceof Kind.Reduce;
    }

    /** The node whose rows and columns a fused kernel of this node runs over. */
    Node domain() {
        return kind instanceof Kind.Reduce ? input(0) : this;
    }

    /** Whether it stands in memory with 16 bits each. */
    boolean isNarrow() {
        return kind instanceof Kind.Apply apply && apply.operation() == Elementwise.BFLOAT16;
    }

    /** Whether the node is another look at its input's memory. */
    boolean isAlias() {
        return kind instanceof Kind.View || isScattered();
    }

    /** Whether its rows do not follow each other in memory. */
    boolean isScattered() {
        return kind instanceof Kind.Window || kind instanceof Kind.Repeat || kind instanceof Kind.Transpose;
    }

    @Override
    public String toString() {
        return "#" + id + " " + kind + inputs.stream().map(Node::id).toList() + " " + rows + "x" + columns;
    }
}
