package org.likelihood4j.engine.cpu.arithmetic;

/** Arithmetic of an optimiser's update, in place on stretches {@code [from, from + n)} of float32 vectors. One thread at a time. */
public interface UpdateMath {
    /** The sum of squares, infinite where float32 overflows. */
    double squares(Memory g, int from, int n);

    /**
     * {@code m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g^2; p <- p - rate m / (sqrt(v) + epsilon)}, after {@code g <- scale
     * g} and {@code p <- keep p}; then {@code average <- d average + (1 - d) p} unless it is null. g stays as it is.
     */
    void adam(Memory p, Memory m, Memory v, Memory g, Memory average, int from, int n, Adam step, float keep, double d);

    /** The numbers of one step of Adam, with the bias corrections in rate and epsilon; 1 - beta must not be rounded before it is taken. */
    record Adam(float scale, double beta1, double beta2, float rate, float epsilon) {}

    /** {@code v <- momentum v + scale g; p <- keep p - rate v}; then the average as for Adam. */
    void momentum(Memory p, Memory v, Memory g, Memory average, int from, int n, Momentum step, float keep, double d);

    /** The numbers of one step of momentum. */
    record Momentum(float scale, float momentum, float rate) {}
}
