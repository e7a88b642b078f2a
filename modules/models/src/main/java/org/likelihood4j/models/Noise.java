package org.likelihood4j.models;

/** The distribution of a noise input, independent over all elements. */
public enum Noise {
    /** N(0, 1). */
    NORMAL,
    /** Uniform on [0, 1). */
    UNIFORM
}
