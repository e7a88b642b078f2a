package org.likelihood4j.models;

import java.util.List;

/**
 * A named tensor of a model: trained (in {@link Model#parameters()}) or a statistic that is not (in
 * {@link Model#buffers()}).
 *
 * @param name a path such as {@code encoder/layer0/weight}, formed by {@link ParameterPath}
 * @param shape the tensor's shape, C order
 * @param initializer its values before any data has been seen
 * @param decay whether weight decay applies (matrices yes; biases and scales no)
 */
public record Parameter(String name, List<Long> shape, Initializer initializer, boolean decay) {
    public Parameter {
        shape = List.copyOf(shape);
        if (shape.stream().anyMatch(size -> size < 1)) {
            throw new IllegalArgumentException(name + ": every dimension must be at least 1, was " + shape);
        }
    }

    /** The number of elements. */
    public long length() {
        return shape.stream().reduce(1L, (a, b) -> Math.multiplyExact(a, b));
    }
}
