package org.likelihood4j.models;

/** How often an example gets new values of a noise input. */
public enum Renewal {
    /** At every draw: latents, dequantisation. Importance sampling averages over it. */
    DRAW,
    /**
     * In training each time the example is seen; in evaluation once for each example: dynamic
     * binarisation.
     */
    EPOCH,
    /** Once for each example: static binarisation. */
    NEVER
}
