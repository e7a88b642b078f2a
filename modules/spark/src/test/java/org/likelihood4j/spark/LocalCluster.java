package org.likelihood4j.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** A cluster of two executors on this machine, each a process of its own, for all tests of this module. */
public final class LocalCluster {
    private static SparkSession session;

    private LocalCluster() {}

    /** Starts it if need be. It ends with the process. */
    public static synchronized SparkSession session() {
        if (session == null) {
            try {
                // The class path has all jars; the launcher only wants the folder.
                Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            // Else the executors would be started anew as long as this process takes to end.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> session.stop()));
            session = SparkSession.builder()
                    .appName("tests")
                    .master("local-cluster[2,1,1024]")
                    .config("spark.ui.enabled", "false")
                    .config("spark.driver.host", "127.0.0.1")
                    .config("spark.driver.bindAddress", "127.0.0.1")
                    .config("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s")
                    .config("spark.sql.shuffle.partitions", "4")
                    .config("spark.executorEnv.OMP_NUM_THREADS", "1")
                    .config("spark.executorEnv.GOMP_SPINCOUNT", "0")
                    .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                    .config(
                            "spark.executor.extraJavaOptions",
                            "-Dorg.bytedeco.javacpp.platform.extension="
                                    + System.getProperty("org.bytedeco.javacpp.platform.extension")
                                    // Unpacked already; each would else unpack half a gigabyte.
                                    + " -Dorg.bytedeco.javacpp.cachedir="
                                    + Path.of(System.getProperty("user.home"), ".javacpp", "cache")
                                    + " -XX:TieredStopAtLevel=1")
                    .getOrCreate();
        }
        return session;
    }
}
