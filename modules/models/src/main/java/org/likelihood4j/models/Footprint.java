package org.likelihood4j.models;

import java.util.List;

/**
 * How many numbers one example takes on its way through a training step, forwards and back. The
 * numbers of arrays behind it were counted when training steps are compiled, which is when most of
 * them exist. Sums and products that no long can hold are the largest long.
 *
 * @param kept at once, in all arrays
 * @param widest in the largest array
 */
public record Footprint(long kept, long widest) {
    /** Arrays of the size of each hidden layer. */
    private static final long LAYER_ARRAYS = 4;
    /** Arrays of an example's size where nobody has counted them. */
    private static final long USUAL_ARRAYS = 15;

    /** Arrays of one size. */
    public static Footprint arrays(long count, long size) {
        return new Footprint(times(count, size), size);
    }

    /**
     * Of a network, without its output: its last matrix makes that, every other one a hidden layer.
     */
    public static Footprint inside(List<Parameter> network) {
        List<Long> widths = network.stream()
                .map(Parameter::shape)
                .filter(shape -> shape.size() > 1)
                .map(shape -> shape.get(shape.size() - 1).longValue())
                .toList();
        Footprint sum = new Footprint(0, 1);
        for (long width : widths.subList(0, Math.max(0, widths.size() - 1))) {
            sum = sum.and(arrays(LAYER_ARRAYS, width));
        }
        return sum;
    }

    /** A guess for a model that has not counted: generous, from its matrices. */
    static Footprint guess(EventShape shape, ParameterLayout parameters) {
        return arrays(USUAL_ARRAYS, shape.size())
                .and(inside(parameters.entries().stream()
                        .map(ParameterLayout.Entry::parameter)
                        .toList()));
    }

    /** One after the other, both kept. */
    public Footprint and(Footprint other) {
        return new Footprint(plus(kept, other.kept), Math.max(widest, other.widest));
    }

    /** So many of the same, one after the other. */
    public Footprint repeated(long count) {
        return new Footprint(times(count, kept), widest);
    }

    /** Of so many rows for each example, which go through together. */
    public Footprint ofRows(long rows) {
        return new Footprint(times(rows, kept), times(rows, widest));
    }

    private static long times(long a, long b) {
        try {
            return Math.multiplyExact(a, b);
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    private static long plus(long a, long b) {
        return Long.MAX_VALUE - b < a ? Long.MAX_VALUE : a + b;
    }
}
