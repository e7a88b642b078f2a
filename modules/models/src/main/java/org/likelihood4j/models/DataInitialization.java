package org.likelihood4j.models;

import java.util.Map;
import java.util.function.BiFunction;

/**
 * A data-dependent initialisation, run once before the first step and never on resume.
 *
 * @param statistic its single output {@code [N, D]} is averaged over the training images
 * @param values from the mean and the (population) variance of each of the D columns, float64, to the values of named
 *     parameters or buffers
 */
public record DataInitialization(
        ModelFunction statistic, BiFunction<double[], double[], Map<String, double[]>> values) {}
