package org.likelihood4j.laboratory.device;

/**
 * How far two right computations may part: sums of some 10^5 terms in different orders differ by about 1e-6 of their size; a rectifier's
 * input that rounding moves across 0 changes a gradient in a jump; and Adam's first steps are sign-like, so that an element whose
 * gradient is all rounding error goes either way. A wrong formula differs by far more.
 */
public record Tolerances(double loss, double gradient, double weights) {
    static final Tolerances FLOAT32 = new Tolerances(2e-5, 1e-3, 2e-2);
    /** Devices choose by themselves which products multiply numbers of fewer bits. */
    static final Tolerances NARROW = new Tolerances(2e-3, 5e-2, 0.5);
}
