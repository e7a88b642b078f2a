package org.likelihood4j.inference;

import java.util.Objects;

/**
 * Which noise a call gets. All noise is a pure function of (seed, split, index, draw): the same four give the same numbers,
 * whatever else is in the array and however often it was called before.
 *
 * @param seed of the noise; the run's own evaluation seed gives what {@code evaluate} computes
 * @param split a name for the data, so that example 0 of one set and of another have noise of their own; {@code evaluate} uses
 *     {@code train}, {@code validation} and {@code test}
 * @param first the index of the array's first example: a set that is given in parts keeps its noise where each part says its
 *     place. At least 0
 * @param draw the number of the first draw, at least 0; a call that takes K draws uses this one and the K - 1 after it
 */
public record NoiseSource(long seed, String split, int first, long draw) {
    public NoiseSource {
        Objects.requireNonNull(split, "split");
        if (first < 0 || draw < 0) {
            throw new IllegalArgumentException("first and draw must be at least 0, were " + first + " and " + draw);
        }
    }

    /** Another seed. */
    public NoiseSource withSeed(long other) {
        return new NoiseSource(other, split, first, draw);
    }

    /** Another set of data. */
    public NoiseSource withSplit(String other) {
        return new NoiseSource(seed, other, first, draw);
    }

    /** For a part of a set that begins at another example. */
    public NoiseSource startingAt(int example) {
        return new NoiseSource(seed, split, example, draw);
    }

    /** Other draws. */
    public NoiseSource fromDraw(long other) {
        return new NoiseSource(seed, split, first, other);
    }
}
