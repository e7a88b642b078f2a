package org.likelihood4j.data;

import java.util.Locale;

/** What a set takes on the heap, held against it before anything is read. */
public final class HeapNeed {
    /** Of the program, its threads and a picture on its way. */
    private static final long REST = 200L << 20;
    /** Of each row of a part beside its numbers: its label, and its number and place, which are put in order. */
    private static final int EACH_OF_A_PART = 48;
    /** Of each of all examples, while a worker finds out which are its own. */
    private static final int EACH_IN_ORDER = 20;
    /** Of each row of a table that is streamed: its label, place and shard, and as it is put in order. */
    private static final int EACH_STREAMED = 36;

    private static final int MOST_NUMBERS = Integer.MAX_VALUE - Long.BYTES;

    private static final String ADVICE = "LIKELIHOOD4J_HEAP sets that";
    private static final String WORKERS_ADVICE = ADVICE + ", and spark.executor.memory of executors";

    private HeapNeed() {}

    /**
     * Checks that so many examples fit.
     *
     * @param what where they are from, for the message
     * @param bytes of each value, those of all copies that there are at once
     * @throws DataException if they do not; says how many would
     */
    public static void check(String what, long examples, ExampleShape shape, int bytes) {
        check(what, examples, shape, (long) bytes * shape.size(), ADVICE);
    }

    /**
     * Checks that a worker's share of a table's rows fits.
     *
     * @throws DataException as {@link #check}
     */
    public static void checkPart(String what, int rows, VectorShape shape) {
        requireArray(what, rows, shape, "one worker holds", "take more workers");
        check(
                what,
                rows,
                shape,
                (long) Double.BYTES * shape.size() + EACH_OF_A_PART,
                WORKERS_ADVICE + "; more workers have fewer each");
    }

    /**
     * Checks that a worker can put all examples in order, of which it then holds a share.
     *
     * @throws DataException if it cannot
     */
    static void checkOrder(String what, long all) {
        check(
                String.format(Locale.ROOT, "%s: %,d examples, which are put in order,", what, all),
                EACH_IN_ORDER * all,
                WORKERS_ADVICE);
    }

    /**
     * Checks that a table fits of which rows are streamed to a file.
     *
     * @param rows of all of it
     * @param held those of validation and test, which stay in memory
     * @throws DataException if it does not
     */
    public static void checkStreamed(String what, int rows, int held, VectorShape shape) {
        requireArray(
                what + ", for validation and test", held, shape, "memory holds", "hold out smaller shares of the rows");
        check(
                String.format(
                        Locale.ROOT,
                        "%s: %,d rows, of which %,d of %s stay in memory for validation and test,",
                        what,
                        rows,
                        held,
                        shape),
                (long) EACH_STREAMED * rows + (long) Double.BYTES * held * shape.size(),
                ADVICE);
    }

    private static void requireArray(String what, int rows, VectorShape shape, String whoHolds, String advice) {
        long numbers = (long) rows * shape.size();
        if (numbers > MOST_NUMBERS) {
            throw new DataException(String.format(
                    Locale.ROOT,
                    "%s: %,d rows of %s are %,d numbers, and %s %,d at most: %s",
                    what,
                    rows,
                    shape,
                    numbers,
                    whoHolds,
                    MOST_NUMBERS,
                    advice));
        }
    }

    private static void check(String what, long bytes, String advice) {
        long heap = Runtime.getRuntime().maxMemory();
        if (bytes > heap - REST) {
            throw new DataException(String.format(
                    Locale.ROOT,
                    "%s need %.1f GB of the heap, which has %.1f (%s)",
                    what,
                    ((double) bytes + REST) / 1e9,
                    heap / 1e9,
                    advice));
        }
    }

    private static void check(String what, long examples, ExampleShape shape, long each, String advice) {
        long heap = Runtime.getRuntime().maxMemory();
        long most = Math.max(0, heap - REST) / each;
        if (examples > most) {
            throw new DataException(String.format(
                    Locale.ROOT,
                    "%s: %,d %s of %s need %.1f GB of the heap, which has %.1f (%s); %,d fit",
                    what,
                    examples,
                    shape.noun(),
                    shape,
                    ((double) each * examples + REST) / 1e9,
                    heap / 1e9,
                    advice,
                    most));
        }
    }
}
