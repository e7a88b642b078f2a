package org.likelihood4j.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkFiles;
import org.likelihood4j.cli.terminal.StdoutGuard;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.io.RunException;

/**
 * What native code must know of a process of Spark before it is first used, since nobody configures executors by hand: how many threads a task
 * may take, how much memory arrays may have outside of the heap, where libraries are unpacked to.
 */
public final class Natives {
    private static final String THREADS = "likelihood4j.threads";
    private static final String MOST_BYTES = "org.bytedeco.javacpp.maxbytes";
    private static final String MOST_PHYSICAL = "org.bytedeco.javacpp.maxphysicalbytes";
    private static final String CACHE = "org.bytedeco.javacpp.cachedir";
    private static final String OVERHEAD = "spark.executor.memoryOverhead";

    /** MiB that native code takes when it is unpacked. */
    private static final long UNPACKED = 540;

    /** MiB of the overhead that the JVM itself needs. */
    private static final long OWN = 256;

    private static boolean prepared;

    private Natives() {}

    /**
     * Sets what was not set; the first call counts.
     *
     * @throws RunException if native code has no room where it is to be unpacked, on every call: it is loaded once in a process, or never
     */
    public static synchronized void prepare() {
        if (prepared) {
            return;
        }
        SparkEnv spark = SparkEnv.get();
        set(THREADS, Integer.toString(spark == null ? 1 : spark.conf().getInt("spark.task.cpus", 1)));
        // The container counts the whole process. JavaCPP would allow as much again as the heap has.
        set(MOST_PHYSICAL, "0");
        if (spark != null && !spark.executorId().equals("driver")) {
            prepareExecutor(spark);
        }
        prepared = true;
    }

    private static void prepareExecutor(SparkEnv spark) {
        // What ND4J prints while it makes graphs is nobody's result. A driver's standard output is its user's.
        StdoutGuard.install();
        long overhead = spark.conf().getSizeAsMb(OVERHEAD, "0m");
        if (overhead > OWN) {
            set(MOST_BYTES, overhead - OWN + "m");
        }
        // Half a gigabyte, which goes when the executor goes.
        set(
                CACHE,
                Path.of(SparkFiles.getRootDirectory(), "likelihood4j-natives")
                        .toAbsolutePath()
                        .toString());
        requireRoom(Path.of(System.getProperty(CACHE)), UNPACKED);
    }

    /** @param needed MiB, of which some may be there already */
    static void requireRoom(Path cache, long needed) {
        try {
            Files.createDirectories(cache);
            long free = Files.getFileStore(cache).getUsableSpace() >> 20;
            long there = free >= needed ? 0 : bytes(cache) >> 20;
            if (free + there < needed) {
                throw new RunException(cache + ": " + free + " MiB are free where native code is unpacked, which takes "
                        + needed + "; give spark.local.dir of the executors a larger disk");
            }
        } catch (IOException e) {
            throw new RunException(
                    cache + ": cannot be written (" + IoReasons.of(e) + "), where native code is unpacked", e);
        }
    }

    private static long bytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private static void set(String key, String value) {
        if (System.getProperty(key) == null) {
            System.setProperty(key, value);
        }
    }
}
