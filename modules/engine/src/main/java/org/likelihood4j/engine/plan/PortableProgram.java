package org.likelihood4j.engine.plan;

import java.util.List;
import java.util.Map;
import org.likelihood4j.engine.plan.ConvolutionShape.Direction;
import org.likelihood4j.engine.plan.Plan.Fold;
import org.likelihood4j.engine.plan.Plan.Reduction;

/**
 * A computation as plain data for any number N of examples, and for anybody: matrices, each made of earlier ones by one of a dozen
 * operations. Nothing of it knows ND4J, a device or a memory, so that other programs can run it or translate it.
 *
 * <p>An operand with one row (or column) stands for any number of equal ones wherever a wider one is beside it. A vector is one row. Of a
 * value with three and more dimensions the last one is the columns, all others together, in C order, the rows.
 *
 * @param values each made of values before it
 * @param outputs by name, in the order in which they were asked for
 */
public record PortableProgram(List<Value> values, Map<String, Output> outputs) {
    public PortableProgram {
        values = List.copyOf(values);
    }

    /** A number of rows or columns: {@code size}, or {@code size} times N. */
    public record Extent(int size, boolean perExample) {
        /** For N examples. */
        public int of(int examples) {
            return perExample ? Math.multiplyExact(size, examples) : size;
        }
    }

    /** A result: which value, and its dimensions. */
    public record Output(int value, List<Extent> shape) {
        public Output {
            shape = List.copyOf(shape);
        }
    }

    /**
     * A matrix.
     *
     * @param inputs the numbers of the values that it is made of
     */
    public record Value(Operation operation, List<Integer> inputs, Extent rows, Extent columns) {
        public Value {
            inputs = List.copyOf(inputs);
        }
    }

    /** How a value is made. */
    public sealed interface Operation {
        /** One number, known before any run: 1 x 1. */
        record Constant(double value) implements Operation {}

        /** What a run is handed. */
        record Input(String name) implements Operation {}

        /** A slot of a bound vector: a parameter, or a statistic of the training data. */
        record Tensor(String name) implements Operation {}

        /** A constant matrix of the graph itself, row after row. */
        @SuppressWarnings("ArrayRecordComponent") // read only, and never compared
        record Literal(String name, double[] values) implements Operation {}

        /** An operation at every position. */
        record Apply(Elementwise operation) implements Operation {}

        /**
         * Sums or largest numbers.
         *
         * @param over which numbers become one; of {@link Reduction#COLUMNS} the result is one row with a number for each row
         * @param each for {@link Reduction#GROUPS}, whose result has a row for each group: row r is of group {@code r / each % groups}; else 1
         */
        record Reduce(Fold fold, Reduction over, Extent each) implements Operation {}

        /** A matrix product of the two inputs, each transposed or as it is. */
        record Product(boolean transposeA, boolean transposeB) implements Operation {}

        /**
         * A convolution of the first input with the weights, the second one, or the transposed convolution that is its {@link Direction#DATA}.
         *
         * @param shape its sizes for as many images as {@code images} would be with N = 1, if that is so for an N of 1
         * @param images how many there are
         */
        record Convolution(ConvolutionShape shape, Direction direction, Extent images) implements Operation {}

        /** Adjacent columns, from a first one on. */
        record Window(int from) implements Operation {}

        /** Matrices side by side; an input that is the number 0 is that many columns of zeros. */
        record Join(List<Integer> widths) implements Operation {
            public Join {
                widths = List.copyOf(widths);
            }
        }

        /** The same numbers in the same order with other numbers of rows and columns. */
        record View() implements Operation {}

        /** Row r is row {@code r / each % n} of the input's n rows. */
        record Repeat(Extent each) implements Operation {}

        /** Rows as columns. */
        record Transpose() implements Operation {}

        /** Column j is the input's column {@code columns[j]}, or 0 where that is -1. */
        record Select(List<Integer> columns) implements Operation {
            public Select {
                columns = List.copyOf(columns);
            }
        }
    }
}
