package org.likelihood4j.models;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A data-dependent initialisation, run once before the first step and never on resume.
 *
 * @param statistic its single output, a {@link FunctionOutput.Matrix} {@code [M, C]}, is looked at column by column over all rows of the training
 *     examples: M is N, or N times the places of an image
 * @param sorted whether the values need {@link Columns#sorted}
 * @param values from what the columns are like to the values of named parameters or buffers
 */
public record DataInitialization(
        ModelFunction statistic, boolean sorted, Function<Columns, Map<String, double[]>> values) {
    /**
     * What the C columns are like, float64.
     *
     * @param mean of each
     * @param variance of each, that of the population
     * @param sorted all numbers of each, the smallest first; empty where nobody needs them
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
    public record Columns(double[] mean, double[] variance, List<double[]> sorted) {}

    public DataInitialization {
        if (statistic.outputs().size() != 1 || !(statistic.outputs().get(0) instanceof FunctionOutput.Matrix)) {
            throw new IllegalArgumentException("a statistic has one matrix as its output, had " + statistic.outputs());
        }
    }

    /** By means and variances. */
    public DataInitialization(ModelFunction statistic, BiFunction<double[], double[], Map<String, double[]>> values) {
        this(statistic, false, columns -> values.apply(columns.mean(), columns.variance()));
    }

    /** C. */
    public int columns() {
        return ((FunctionOutput.Matrix) statistic.outputs().get(0)).columns();
    }
}
