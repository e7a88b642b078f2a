package org.likelihood4j.models;

/** An output of a {@link ModelFunction}, found by its name. */
public sealed interface FunctionOutput {
    String name();

    /** One number of the whole batch. */
    record Scalar(String name) implements FunctionOutput {}

    /** {@code [N]}: a number of each example. */
    record PerExample(String name) implements FunctionOutput {}

    /** {@code [N, size]}: an event of each example. */
    record Events(String name, EventShape shape) implements FunctionOutput {}

    /**
     * {@code [M, C]}: C quantities, M a multiple of N, such as one row for each place of an image,
     * or each draw.
     */
    record Matrix(String name, int columns) implements FunctionOutput {}
}
