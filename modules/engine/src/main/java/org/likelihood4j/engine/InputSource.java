package org.likelihood4j.engine;

/**
 * Where an input's rows come from in a training, said once, so that a device which has a memory of its own can keep the data there and make
 * the noise itself: the same bits as the host would hand over.
 */
public sealed interface InputSource {
    /** How many numbers a row has. */
    int columns();

    /** Reads what examples have, some at a time: all of them together may be more than there is room for twice. */
    @FunctionalInterface
    interface Reader<A> {
        /** What the examples from one (inclusive) up to another have, one after the other; the array is the caller's. */
        A read(int from, int to);
    }

    /** Row i is what example number i has, as numbers 0 to 255. */
    record Pixels(int examples, int columns, Reader<byte[]> reader) implements InputSource {}

    /** Row i is what example number i has. */
    record Numbers(int examples, int columns, Reader<float[]> reader) implements InputSource {}

    /** Row i is 1 in the column of example number i's class, a whole number, and 0 elsewhere. */
    record Classes(int examples, int columns, Reader<float[]> reader) implements InputSource {}

    /**
     * Row i begins the stream of counter-based random numbers of key {@code key(k, n)}: k is the step's, and n the number of the example, so
     * that it has the same noise always, or the row.
     *
     * @param normal N(0, 1), else uniform on [0, 1)
     * @param perExample whether n is the example's number
     */
    record Noise(int columns, boolean normal, boolean perExample) implements InputSource {}

    /** The step's {@link StepFeed#same} in every row. */
    record Same() implements InputSource {
        @Override
        public int columns() {
            return 1;
        }
    }
}
