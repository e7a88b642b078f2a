package org.likelihood4j.fuzz;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Jazzer calls, by name: once with the target's name, then with one input after the other. */
public final class Entry {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static Target target;
    private static Path folder;

    private Entry() {}

    /**
     * Prepares a target: reads its corpus once.
     *
     * @param arguments the target's name
     */
    public static void fuzzerInitialize(String[] arguments) throws IOException {
        target = Targets.named(arguments[0]);
        folder = Files.createTempDirectory("likelihood4j-fuzz");
        // The first input of all loads classes, which is no input's fault.
        for (byte[] input : target.corpus()) {
            target.run(input, folder);
        }
    }

    /** Reads one input; its time is limited by Jazzer, its memory by the heap and here. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        long allocated = read(input);
        if (allocated > target.mostAllocated()) {
            // What is used for the first time is loaded, and prepared for fuzzing, on this thread too.
            allocated = read(input);
        }
        Refusals.require(
                allocated <= target.mostAllocated(), "reading " + input.length + " bytes allocated " + allocated);
    }

    /** Reads an input and gives the bytes that it allocated. */
    private static long read(byte[] input) throws IOException {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        target.run(input, folder);
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
