package org.likelihood4j.data;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * A set of which only some examples are held: neighbours in the order of their {@linkplain Examples#place places}. Examples keep their numbers in
 * the whole set. Whoever asks for one that is not held has made a mistake.
 */
public final class PartialExamples implements Examples {
    private final int size;
    private final int first;
    private final int[] numbers;
    private final Examples held;
    /** The numbers in ascending order, and where in {@link #held} they are. */
    private final int[] ascending;

    private final int[] positions;
    private final int[] places;

    /**
     * Some of a set's examples.
     *
     * @param size of the whole set
     * @param first how many examples of the set have places before theirs
     * @param numbers theirs in the set, in the order of their places
     * @param places those places, ascending
     * @param held they, in that order
     */
    PartialExamples(int size, int first, int[] numbers, int[] places, Examples held) {
        if (numbers.length != held.size() || places.length != held.size()) {
            throw new IllegalArgumentException(numbers.length + " numbers for " + held.size() + " examples");
        }
        this.size = size;
        this.first = first;
        this.numbers = numbers.clone();
        this.places = places.clone();
        this.held = held;
        this.positions = sorted(numbers);
        this.ascending = Arrays.stream(positions).map(i -> numbers[i]).toArray();
    }

    /** How many examples have places before those that are held. */
    int first() {
        return first;
    }

    /** The numbers of those that are held, in the order of their places. */
    int[] numbers() {
        return numbers.clone();
    }

    /** How many are held. */
    public int held() {
        return numbers.length;
    }

    /** The indices of some numbers of at least 0, the least number's first. */
    static int[] sorted(int[] numbers) {
        long[] pairs = new long[numbers.length];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = (long) numbers[i] << Integer.SIZE | i;
        }
        Arrays.sort(pairs);
        return Arrays.stream(pairs).mapToInt(pair -> (int) pair).toArray();
    }

    private int position(int i) {
        int found = Arrays.binarySearch(ascending, i);
        if (found < 0) {
            throw new IllegalArgumentException("example " + i + " of " + size + " is not held here");
        }
        return positions[found];
    }

    private int[] positions(int[] indices) {
        return Arrays.stream(indices).map(this::position).toArray();
    }

    @Override
    public ExampleShape shape() {
        return held.shape();
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean labelled() {
        return held.labelled();
    }

    @Override
    public int label(int i) {
        return held.label(position(i));
    }

    @Override
    public int place(int i) {
        return places[position(i)];
    }

    /** Whether some values are missing of the examples that are held. */
    @Override
    public boolean hasHoles() {
        return held.hasHoles();
    }

    @Override
    public double[] values(int i) {
        return held.values(position(i));
    }

    @Override
    public OptionalDouble logDensity(int i) {
        return held.logDensity(position(i));
    }

    @Override
    public StoredValues gather(int[] indices) {
        return held.gather(positions(indices));
    }

    @Override
    public Examples select(int[] indices) {
        return held.select(positions(indices));
    }

    @Override
    public Examples slice(int from, int to) {
        throw new UnsupportedOperationException("only some of the examples are held");
    }

    @Override
    public Examples withLabels(int... labels) {
        throw new UnsupportedOperationException("only some of the examples are held");
    }

    @Override
    public Examples withoutLabels() {
        return new PartialExamples(size, first, numbers, places, held.withoutLabels());
    }

    @Override
    public String sha256() {
        throw new UnsupportedOperationException("only some of the examples are held");
    }

    @Override
    public String sha256(int[] indices) {
        return held.sha256(positions(indices));
    }
}
