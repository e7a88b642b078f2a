package org.likelihood4j.inference.runtime;

import java.util.Arrays;

/**
 * The numbers of a set's examples, of which their noise is a function: whatever parts a set is given in, and in whatever order, an example
 * keeps its noise where it keeps its number.
 */
public sealed interface ExampleNumbers {
    /** The number of an example of the set, by its place in it. */
    long of(int place);

    /** Numbers that follow each other. */
    record From(long first) implements ExampleNumbers {
        public From {
            if (first < 0) {
                throw new IllegalArgumentException("the first number must be at least 0, was " + first);
            }
        }

        @Override
        public long of(int place) {
            return Math.addExact(first, place);
        }
    }

    /** Any numbers, such as rows have that come from a cluster's tables. */
    final class Each implements ExampleNumbers {
        private final long[] numbers;

        /** @param numbers one for each example */
        public Each(long... numbers) {
            this.numbers = numbers.clone();
        }

        @Override
        public long of(int place) {
            return numbers[place];
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Each each && Arrays.equals(numbers, each.numbers);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(numbers);
        }
    }
}
