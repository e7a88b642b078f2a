package org.likelihood4j.spark.rounds;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.likelihood4j.io.RunException;

/**
 * The end of a worker's memory, in one line. As the error that it is it would end the executor, and the round would be
 * taken again by another one, which has no more.
 */
final class WorkerMemory {
    private WorkerMemory() {}

    /**
     * Does a worker's work.
     *
     * @throws RunException if memory has no room for it; without the error, which Spark would find behind it
     */
    static <T> T within(Callable<T> work) throws Exception {
        try {
            return work.call();
        } catch (Exception | OutOfMemoryError e) {
            if (Stream.iterate(e, Objects::nonNull, Throwable::getCause).anyMatch(OutOfMemoryError.class::isInstance)) {
                throw new RunException("a worker's memory has no room for its share of the data and the model: give"
                        + " executors more (spark.executor.memory for rows, spark.executor.memoryOverhead for arrays),"
                        + " or take more workers with training.shuffle=shards, which hold fewer rows each");
            }
            throw e;
        }
    }
}
