package org.likelihood4j.spark;

import java.nio.file.Path;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkFiles;
import org.likelihood4j.cli.terminal.StdoutGuard;

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

    /** MiB of the overhead that the JVM itself needs. */
    private static final long OWN = 256;

    private static boolean prepared;

    private Natives() {}

    /** Sets what was not set; the first call counts. */
    public static synchronized void prepare() {
        if (prepared) {
            return;
        }
        prepared = true;
        SparkEnv spark = SparkEnv.get();
        set(THREADS, Integer.toString(spark == null ? 1 : spark.conf().getInt("spark.task.cpus", 1)));
        // The container counts the whole process. JavaCPP would allow as much again as the heap has.
        set(MOST_PHYSICAL, "0");
        if (spark == null || spark.executorId().equals("driver")) {
            return;
        }
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
    }

    private static void set(String key, String value) {
        if (System.getProperty(key) == null) {
            System.setProperty(key, value);
        }
    }
}
