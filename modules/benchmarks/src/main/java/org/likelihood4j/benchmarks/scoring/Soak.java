package org.likelihood4j.benchmarks.scoring;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Scores for a long time with many threads, and tells what memory that keeps: whether anything grows.
 *
 * @param threads that score at the same time
 * @param length how long
 */
record Soak(int threads, Duration length) {
    /** Lines that are told. */
    private static final int LINES = 12;

    private static final double MEGABYTE = 1 << 20;

    /** @throws IllegalStateException if a score of the same rows becomes another one */
    void run(Contender contender, double[][] rows, PrintStream out) {
        AtomicLong scored = new AtomicLong();
        double expected = contender.scores().applyAsDouble(rows);
        long end = System.nanoTime() + length.toNanos();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Void>> working = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                working.add(pool.submit(scoring(contender, rows, expected, end, scored)));
            }
            out.printf(Locale.ROOT, "%s, %d threads, batches of %d%n", contender.name(), threads, rows.length);
            for (int line = 1; line <= LINES; line++) {
                Thread.sleep(length.toMillis() / LINES);
                out.printf(
                        Locale.ROOT,
                        "%6.1f min  %,15d rows  heap in use %7.1f MB  resident %7.1f MB%n",
                        line * length.toMillis() / 60e3 / LINES,
                        scored.get(),
                        heap() / MEGABYTE,
                        resident() / MEGABYTE);
                for (Future<Void> each : working) {
                    if (each.isDone()) {
                        each.get();
                    }
                }
            }
            for (Future<Void> each : working) {
                each.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private static Callable<Void> scoring(
            Contender contender, double[][] rows, double expected, long end, AtomicLong scored) {
        return () -> {
            while (System.nanoTime() < end) {
                double sum = contender.scores().applyAsDouble(rows);
                if (Double.compare(sum, expected) != 0) {
                    throw new IllegalStateException("the same rows were scored " + expected + ", then " + sum);
                }
                scored.addAndGet(rows.length);
            }
            return null;
        };
    }

    /** Bytes, of what is left by a collection. */
    private static double heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Bytes of the whole process that are in memory; 0 where the system does not say. */
    private static double resident() {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        try {
            return Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> 1024.0 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
