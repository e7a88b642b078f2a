package org.likelihood4j.data.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Whole numbers of a few bits each, the lowest first. */
final class Bits {
    private final ByteBuffer in;
    private int current;
    private int left;

    Bits(ByteBuffer in) {
        this.in = in;
    }

    /** @param width at most 64 */
    long next(int width) throws IOException {
        long value = 0;
        for (int got = 0; got < width; ) {
            if (left == 0) {
                current = PageBytes.u8(in);
                left = Byte.SIZE;
            }
            int some = Math.min(left, width - got);
            value |= (long) (current & ((1 << some) - 1)) << got;
            current >>>= some;
            left -= some;
            got += some;
        }
        return value;
    }

    /** Goes on at the next whole byte. */
    void align() {
        left = 0;
    }
}
