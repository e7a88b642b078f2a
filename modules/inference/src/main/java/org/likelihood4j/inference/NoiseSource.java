package org.likelihood4j.inference;

import java.util.Objects;
import org.likelihood4j.inference.runtime.ExampleNumbers;

/**
 * Which noise a call gets. All noise is a pure function of (seed, split, index, draw): the same four give the same numbers,
 * whatever else is in the array and however often it was called before.
 *
 * @param seed of the noise; the run's own evaluation seed gives what {@code evaluate} computes
 * @param split a name for the data, so that example 0 of one set and of another have noise of their own; {@code evaluate} uses
 *     {@code train}, {@code validation} and {@code test}
 * @param numbers of the array's examples: a set that is given in parts keeps its noise where each part says which it has
 * @param draw the number of the first draw, at least 0; a call that takes K draws uses this one and the K - 1 after it
 */
public record NoiseSource(long seed, String split, ExampleNumbers numbers, long draw) {
    public NoiseSource {
        Objects.requireNonNull(split, "split");
        Objects.requireNonNull(numbers, "numbers");
        if (draw < 0) {
            throw new IllegalArgumentException("draw must be at least 0, was " + draw);
        }
    }

    /**
     * Of examples that follow each other.
     *
     * @param first the index of the array's first example, at least 0
     */
    public NoiseSource(long seed, String split, long first, long draw) {
        this(seed, split, new ExampleNumbers.From(first), draw);
    }

    /** Another seed. */
    public NoiseSource withSeed(long other) {
        return new NoiseSource(other, split, numbers, draw);
    }

    /** Another set of data. */
    public NoiseSource withSplit(String other) {
        return new NoiseSource(seed, other, numbers, draw);
    }

    /** For a part of a set that begins at another example. */
    public NoiseSource startingAt(long example) {
        return numbered(new ExampleNumbers.From(example));
    }

    /** For examples with numbers of their own. */
    public NoiseSource numbered(ExampleNumbers others) {
        return new NoiseSource(seed, split, others, draw);
    }

    /** Other draws. */
    public NoiseSource fromDraw(long other) {
        return new NoiseSource(seed, split, numbers, other);
    }
}
