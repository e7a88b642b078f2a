package org.likelihood4j.engine.cpu;

import org.likelihood4j.engine.plan.Elementwise;

/**
 * Arithmetic on tiles: short arrays that stay in the nearest caches.
 *
 * <p>Arrays may be longer than {@code n}; what stands behind n is scratch that may be overwritten, up to the next multiple of
 * {@link #PADDING}. One thread at a time.
 */
public interface TileMath {
    /** Every array's length is a multiple of this. */
    int PADDING = 32;

    /**
     * What arrays should be longer than a power of 2: if several stood at equal addresses modulo 4096, loads from one would wait
     * for stores to another.
     */
    int SKEW = 5 * PADDING;

    /** {@code out[i] = operation(a[i], b[i])} for i below n; b is ignored where there is one operand. out may be a or b. */
    @FunctionalInterface
    interface Loop {
        void run(float[] a, float[] b, float[] out, int n);
    }

    /**
     * The loop of an operation. Callers keep it and call it through the interface, so that the compiler takes each loop on its
     * own: many in one unit would pass the size up to which it keeps vectors in registers.
     */
    Loop loop(Elementwise operation);

    /** The sum of {@code a[from .. from + n)}. */
    double sum(float[] a, int from, int n);

    /** {@code sums[to + i] += a[from + i]}. */
    void add(float[] a, int from, float[] sums, int to, int n);

    /** The sum of squares, infinite where float32 overflows. */
    double squares(float[] a, int n);

    /**
     * {@code m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g^2; p <- p - rate m / (sqrt(v) + epsilon)}, after {@code g <- scale
     * g} and {@code p <- keep p}. g stays as it is.
     */
    void adam(float[] p, float[] m, float[] v, float[] g, int n, Adam step, float keep);

    /** The numbers of one step of Adam, with the bias corrections in rate and epsilon; 1 - beta must not be rounded before it is taken. */
    record Adam(float scale, double beta1, double beta2, float rate, float epsilon) {}

    /** {@code v <- momentum v + scale g; p <- keep p - rate v}. */
    void momentum(float[] p, float[] v, float[] g, int n, float scale, float momentum, float rate, float keep);

    /** {@code average <- d average + (1 - d) p}. */
    void average(float[] average, float[] p, int n, double d);
}
