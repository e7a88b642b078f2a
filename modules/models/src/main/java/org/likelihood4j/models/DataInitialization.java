package org.likelihood4j.models;

import java.util.Map;
import java.util.function.BiFunction;

/**
 * A data-dependent initialisation, run once before the first step and never on resume.
 *
 * @param statistic its single output, a {@link FunctionOutput.Matrix} {@code [M, C]}, is averaged
 *     over all rows of the training examples: M is N, or N times the places of an image
 * @param values from the mean and the (population) variance of each of the C columns, float64, to
 *     the values of named parameters or buffers
 */
public record DataInitialization(
        ModelFunction statistic, BiFunction<double[], double[], Map<String, double[]>> values) {
    public DataInitialization {
        if (statistic.outputs().size() != 1 || !(statistic.outputs().get(0) instanceof FunctionOutput.Matrix)) {
            throw new IllegalArgumentException("a statistic has one matrix as its output, had " + statistic.outputs());
        }
    }

    /** C. */
    public int columns() {
        return ((FunctionOutput.Matrix) statistic.outputs().get(0)).columns();
    }
}
