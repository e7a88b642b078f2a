package org.likelihood4j.score.program;

/**
 * Where a value is: in a constant of its own, or in the memory of a run, where all begins at a multiple of the number N of examples.
 *
 * @param constant null where it is in the memory of a run
 * @param each where it begins, for each example
 * @param from its first number, further on
 * @param step numbers from a row to the next
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Place(double[] constant, int each, int from, Extent step, Shape shape) {
    static Place constant(double[] values, Shape shape) {
        return new Place(values, 0, 0, shape.columns(), shape);
    }

    static Place inMemory(int each, Shape shape) {
        return new Place(null, each, 0, shape.columns(), shape);
    }

    boolean isConstant() {
        return constant != null;
    }

    double[] numbers(double[] memory) {
        return constant == null ? memory : constant;
    }

    /** The place of its first number. */
    int at(int examples) {
        return each * examples + from;
    }

    int rows(int examples) {
        return shape.rows().of(examples);
    }

    int columns(int examples) {
        return shape.columns().of(examples);
    }

    int step(int examples) {
        return step.of(examples);
    }

    /** Whether its rows follow each other. */
    boolean isCompact() {
        return shape.rows().isOne() || step.equals(shape.columns());
    }

    /** Some of its columns. */
    Place window(int first, Shape part) {
        return new Place(constant, each, from + first, step, part);
    }

    /** The same numbers with other rows and columns. */
    Place view(Shape other) {
        return new Place(constant, each, from, other.columns(), other);
    }
}
