package org.likelihood4j.data;

import java.util.Locale;

/** What a set takes on the heap, held against it before anything is read. */
public final class HeapNeed {
    /** Of the program, its threads and a picture on its way. */
    private static final long REST = 200L << 20;

    private HeapNeed() {}

    /**
     * Checks that so many examples fit.
     *
     * @param what where they are from, for the message
     * @param copies how often they are there at once, or the bytes of each value
     * @throws DataException if they do not; says how many would
     */
    public static void check(String what, long examples, ExampleShape shape, int copies) {
        check(what, examples, shape, copies, "LIKELIHOOD4J_HEAP sets that");
    }

    /**
     * Checks that a worker's share of a table's rows fits.
     *
     * @throws DataException as {@link #check}
     */
    public static void checkPart(String what, int rows, VectorShape shape) {
        long numbers = (long) rows * shape.size();
        if (numbers > Integer.MAX_VALUE - Long.BYTES) {
            throw new DataException(String.format(
                    Locale.ROOT,
                    "%s: %,d rows of %s are %,d numbers, and one worker holds %,d at most: take more workers",
                    what,
                    rows,
                    shape,
                    numbers,
                    Integer.MAX_VALUE));
        }
        check(
                what,
                rows,
                shape,
                Double.BYTES,
                "LIKELIHOOD4J_HEAP sets that, and spark.executor.memory of executors; more workers have fewer each");
    }

    private static void check(String what, long examples, ExampleShape shape, int copies, String advice) {
        long heap = Runtime.getRuntime().maxMemory();
        long most = Math.max(0, heap - REST) / ((long) copies * shape.size());
        if (examples > most) {
            throw new DataException(String.format(
                    Locale.ROOT,
                    "%s: %,d %s of %s need %.1f GB of the heap, which has %.1f (%s); %,d fit",
                    what,
                    examples,
                    shape.noun(),
                    shape,
                    ((double) copies * examples * shape.size() + REST) / 1e9,
                    heap / 1e9,
                    advice,
                    most));
        }
    }
}
