package org.likelihood4j.models;

import java.util.List;

/**
 * An input of a {@link ModelFunction}: a placeholder {@code [N, size]} of the graph's floating
 * type.
 */
public sealed interface FunctionInput {
    /** The placeholder's name. */
    String name();

    /** What it has for each example. */
    EventShape shape();

    /** Elements for each example. */
    default int size() {
        return shape().size();
    }

    /**
     * The stored data: integer pixel values 0 ... levels - 1 as floating-point numbers, or real
     * numbers.
     */
    record Data(String name, EventShape shape) implements FunctionInput {}

    /** 1 where the stored data have a value, 0 where a cell is missing; there the data are 0. */
    record Present(String name, EventShape shape) implements FunctionInput {}

    /** Noise, drawn by the caller. */
    record NoiseInput(String name, EventShape shape, Noise distribution, Renewal renewal) implements FunctionInput {}

    /**
     * A number that the caller sets for each run, the same in every row, such as the weight of a
     * term of the loss.
     */
    record Weight(String name) implements FunctionInput {
        @Override
        public EventShape shape() {
            return EventShape.row(1);
        }
    }

    /**
     * The class that an example is of, or is to be of: 1 in the column of its class and 0 in all
     * others. (Between two classes, what lies between.)
     *
     * @param classes how many there are, at least 1
     */
    record Condition(String name, int classes) implements FunctionInput {
        @Override
        public EventShape shape() {
            return EventShape.row(classes);
        }
    }

    /**
     * The columns of a row that the model is told and does not model, as they are stored, where the row itself is not an input: what it
     * is to be.
     *
     * @param columns their places in a row
     */
    record Given(String name, List<Integer> columns) implements FunctionInput {
        public Given {
            columns = List.copyOf(columns);
        }

        @Override
        public EventShape shape() {
            return EventShape.row(columns.size());
        }
    }

    /** Values that the caller chooses, such as latents to decode. */
    record Value(String name, EventShape shape) implements FunctionInput {}
}
