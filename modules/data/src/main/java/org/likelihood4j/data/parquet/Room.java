package org.likelihood4j.data.parquet;

import java.io.IOException;
import java.util.Locale;

/** The memory that pages may take together, asked for before it is taken. */
final class Room {
    private final long all;
    private long left;

    Room(long bytes) {
        this.all = bytes;
        this.left = bytes;
    }

    /** A quarter of the heap. */
    static Room usual() {
        return new Room(Runtime.getRuntime().maxMemory() / 4);
    }

    void take(long bytes) throws IOException {
        if (bytes > left) {
            throw new IOException(String.format(
                    Locale.ROOT,
                    "its pages need more than %,d MB at once, a quarter of the heap (LIKELIHOOD4J_HEAP sets that);"
                            + " write it with smaller pages, or choose fewer columns",
                    all / 1_000_000));
        }
        left -= bytes;
    }

    void give(long bytes) {
        left += bytes;
    }
}
