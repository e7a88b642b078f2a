package org.likelihood4j.laboratory.device;

import java.util.List;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import org.likelihood4j.random.CounterRandom;

/**
 * A vector in a few numbers.
 *
 * @param norm its 2-norm
 * @param along its products with {@value #PRODUCTS} fixed vectors of random signs, in which a direction shows that the norm does not
 */
public record Projection(double norm, List<Double> along) {
    static final int PRODUCTS = 8;
    /**
     * Products of a vector of norm 1 have mean 0 and variance 1. The root of the mean of so many squares is above this once in some 200,000 times
     * where they are as good as normal.
     */
    private static final double MOST = 2.2;

    public Projection {
        if (norm < 0
                || along == null
                || along.size() != PRODUCTS
                || along.stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException("a norm and " + PRODUCTS + " products stand for a vector");
        }
        along = List.copyOf(along);
    }

    static Projection of(float[] vector) {
        return of(vector.length, i -> vector[i]);
    }

    /** Of the way from one vector to another. */
    static Projection between(float[] from, float[] to) {
        return of(to.length, i -> (double) to[i] - from[i]);
    }

    private static Projection of(int length, IntToDoubleFunction vector) {
        long key = CounterRandom.key(1, "projections of vectors");
        double squares = 0;
        double[] along = new double[PRODUCTS];
        for (int i = 0; i < length; i++) {
            double value = vector.applyAsDouble(i);
            squares += value * value;
            // A bit for each product's sign.
            int signs = (int) (CounterRandom.uniform(key, i) * (1 << PRODUCTS));
            for (int j = 0; j < PRODUCTS; j++) {
                along[j] += (signs >> j & 1) == 0 ? value : -value;
            }
        }
        return new Projection(Math.sqrt(squares), DoubleStream.of(along).boxed().toList());
    }

    /**
     * A lower bound of how far two vectors are from each other, relative to the other one's norm, but for one in some 200,000. Of a difference d
     * the norms' difference is |d| at most, and the products have mean 0 and variance |d|^2.
     */
    double difference(Projection other) {
        double squares = 0;
        for (int j = 0; j < PRODUCTS; j++) {
            double difference = along.get(j) - other.along.get(j);
            squares += difference * difference / PRODUCTS;
        }
        return Math.max(Math.abs(norm - other.norm), Math.sqrt(squares) / MOST) / other.norm;
    }
}
