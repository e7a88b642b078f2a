package org.likelihood4j.fuzz;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Something that reads what a stranger may have made. */
public interface Target {
    /** The name on the command line. */
    String name();

    /** What it reads, for people. */
    String description();

    /** A few inputs to start from, good ones above all. */
    List<byte[]> corpus() throws IOException;

    /** Words that an input is made of, which no fuzzer would guess. */
    default List<String> words() {
        return List.of();
    }

    /** The most bytes that reading one input may allocate in all. */
    default long mostAllocated() {
        return 48L << 20;
    }

    /**
     * Reads an input. Returns if it was good or refused as it must be.
     *
     * @param folder a folder of its own, which keeps what earlier inputs left there
     * @throws AssertionError if an invariant is broken
     * @throws IOException if the disk fails
     */
    void run(byte[] input, Path folder) throws IOException;
}
