package org.likelihood4j.data;

import java.util.List;
import java.util.OptionalDouble;

/** Labelled examples of one shape, immutable, in memory where nothing else is said: images of 8-bit pixels, or rows of real numbers. */
public sealed interface Examples permits ImageSet, Table, FiledTable, PartialExamples {
    /** The shape of every example. */
    ExampleShape shape();

    /** How many examples there are; may be 0. */
    int size();

    /** Whether the examples have labels; else {@link #label} is 0 for all. */
    boolean labelled();

    /** The class number of example {@code i}; 0 where there are no classes. */
    int label(int i);

    /**
     * The place of example {@code i}, from 0, in what it was read from: the row of a file, the image among a folder's. A set that was
     * divided, or of which some were chosen, keeps the places of the whole.
     */
    int place(int i);

    /** Whether some values are missing: cells of a table, which are stored as NaN. */
    default boolean hasHoles() {
        return false;
    }

    /** The stored values of example {@code i}: integers 0 to 255, or real numbers. */
    double[] values(int i);

    /** The log of the density that example {@code i} was drawn from, nats, where it is known. */
    default OptionalDouble logDensity(int i) {
        return OptionalDouble.empty();
    }

    /** The stored values of some examples, side by side, as integers or reals. */
    StoredValues gather(int[] indices);

    /** The examples {@code from} (inclusive) to {@code to} (exclusive), as a view: nothing is copied. */
    Examples slice(int from, int to);

    /**
     * The files of what they were read from, as paths in a folder, by {@link #place}, with those that were left out; empty where
     * examples are no files of their own.
     */
    default List<String> files() {
        return List.of();
    }

    /** The same examples with other labels, one for each. */
    Examples withLabels(int... labels);

    /** The same examples, without labels. */
    Examples withoutLabels();

    /** Copies of some examples, in that order. */
    Examples select(int[] indices);

    /**
     * A fingerprint for provenance, SHA-256 in hex, of shape, values and labels. A slice has the fingerprint of an equal set of its
     * own. Computed anew on each call.
     */
    String sha256();

    /** The same of some examples, in that order. */
    default String sha256(int[] indices) {
        return select(indices).sha256();
    }
}
