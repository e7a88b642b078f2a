package org.likelihood4j.benchmarks.work;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;

/**
 * Some steps in a row, and what else went on meanwhile.
 *
 * @param milliseconds a step
 * @param seconds all steps
 * @param waited seconds for which threads of the process waited for a processor though they had something to do, added up
 * @param compiled seconds of the JIT compiler
 */
public record StepBlock(double milliseconds, double seconds, double waited, double compiled) {
    /**
     * Takes the steps from the case's weights: a training that went on for thousands of steps on eight batches would come to where
     * numbers are no longer usual. One step more comes first, because another process has filled the caches.
     */
    public static StepBlock of(Contender contender, Phase phase, int steps) {
        contender.reset();
        contender.run(phase, 1);
        double waited = waitedSoFar();
        double compiled = compiledSoFar();
        long start = System.nanoTime();
        contender.run(phase, steps);
        double seconds = (System.nanoTime() - start) / 1e9;
        return new StepBlock(1e3 * seconds / steps, seconds, waitedSoFar() - waited, compiledSoFar() - compiled);
    }

    /** The second number of {@code schedstat}; 0 where the kernel does not count it. */
    private static double waitedSoFar() {
        long nanoseconds = 0;
        File[] threads = new File("/proc/self/task").listFiles();
        for (File thread : threads == null ? new File[0] : threads) {
            try {
                String[] numbers =
                        Files.readString(thread.toPath().resolve("schedstat")).split(" ", -1);
                nanoseconds += Long.parseLong(numbers[1]);
            } catch (IOException e) {
                // The thread has ended.
            }
        }
        return nanoseconds / 1e9;
    }

    private static double compiledSoFar() {
        return ManagementFactory.getCompilationMXBean().getTotalCompilationTime() / 1e3;
    }
}
