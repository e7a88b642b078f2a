package org.likelihood4j.data.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Small whole numbers, in runs of one number and in groups of eight that differ. */
final class Hybrid {
    private final ByteBuffer in;
    private final int width;
    private final Bits bits;
    private long left;
    private boolean packed;
    private int run;

    /** @param width bits of a number */
    Hybrid(ByteBuffer in, int width) throws IOException {
        if (width > Integer.SIZE) {
            throw new IOException("a page has numbers of " + width + " bits");
        }
        this.in = in;
        this.width = width;
        this.bits = new Bits(in);
    }

    int next() throws IOException {
        while (left == 0) {
            long head = PageBytes.varint(in);
            packed = (head & 1) == 1;
            left = (head >>> 1) * (packed ? 8 : 1);
            if (head < 0 || head > Integer.MAX_VALUE * 2L) {
                throw PageBytes.early();
            }
            bits.align();
            run = 0;
            for (int i = 0; !packed && i < width; i += Byte.SIZE) {
                run |= PageBytes.u8(in) << i;
            }
        }
        left--;
        return packed ? (int) bits.next(width) : run;
    }
}
