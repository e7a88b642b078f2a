package org.likelihood4j.inference.runtime;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one run of a function computed: each output, row after row, found by its name. */
public final class OutputValues {
    private static final String GRADIENT = "gradient of ";

    private final Map<String, double[]> values;

    OutputValues(Map<String, double[]> values) {
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** The name of the gradient with respect to an output. */
    static String gradientOf(String name) {
        return GRADIENT + name;
    }

    /**
     * One output.
     *
     * @throws IllegalArgumentException if no output of that name was asked for
     */
    public double[] get(String name) {
        double[] found = values.get(name);
        if (found == null) {
            throw new IllegalArgumentException("no output '" + name + "'; there are " + values.keySet());
        }
        return found;
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** The gradient of the function's first output with respect to a variable of its graph. */
    public double[] gradient(String variable) {
        return get(gradientOf(variable));
    }

    /** Some outputs in this order. */
    public List<double[]> of(List<String> names) {
        return names.stream().map(this::get).toList();
    }

    /**
     * The one output.
     *
     * @throws IllegalStateException if there are more
     */
    public double[] only() {
        if (values.size() != 1) {
            throw new IllegalStateException("one output was expected, there are " + values.keySet());
        }
        return values.values().iterator().next();
    }

    /** All of them, in the function's order. */
    public Map<String, double[]> all() {
        return values;
    }
}
