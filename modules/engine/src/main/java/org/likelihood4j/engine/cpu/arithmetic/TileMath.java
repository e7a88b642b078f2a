package org.likelihood4j.engine.cpu.arithmetic;

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

    /** The bits of the bfloat16 that is nearest to each number: {@code out[i]} of {@code a[from + i]}. */
    void narrow(float[] a, int from, short[] out, int n);

    /** The numbers {@code out[to + i]} that the bits {@code a[i]} of bfloat16s stand for. */
    void widen(short[] a, float[] out, int to, int n);

    /** The sum of {@code a[from .. from + n)}. */
    double sum(float[] a, int from, int n);

    /** {@code sums[to + i] += a[from + i]}. */
    void add(float[] a, int from, float[] sums, int to, int n);

    /** The largest of {@code a[from .. from + n)}, at least one; not a number if one is not. */
    float max(float[] a, int from, int n);

    /** {@code largest[to + i] = max(largest[to + i], a[from + i])}. */
    void max(float[] a, int from, float[] largest, int to, int n);
}
