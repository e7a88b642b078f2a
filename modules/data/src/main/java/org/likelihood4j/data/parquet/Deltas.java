package org.likelihood4j.data.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Whole numbers by their differences: blocks of a smallest difference and what each is more, in as few bits as a part of the block needs. */
final class Deltas {
    private static final int MOST_BLOCK = 1 << 20;

    private final ByteBuffer in;
    private final Bits bits;
    private final int parts;
    private final int perPart;
    private final int total;
    private final byte[] widths;

    private int given;
    private long value;
    private long least;
    private int part;
    private int leftInPart;

    /** @param most numbers that there may be */
    Deltas(ByteBuffer in, int most) throws IOException {
        this.in = in;
        this.bits = new Bits(in);
        long block = PageBytes.varint(in);
        long partCount = PageBytes.varint(in);
        long count = PageBytes.varint(in);
        long first = PageBytes.varint(in);
        if (block < 8
                || block > MOST_BLOCK
                || partCount < 1
                || partCount > block / 8
                || block % (8 * partCount) != 0
                || count < 0
                || count > most) {
            throw new IOException("a page of differences is damaged");
        }
        this.parts = (int) partCount;
        this.perPart = (int) (block / partCount);
        this.total = (int) count;
        this.widths = new byte[parts];
        this.part = parts;
        this.value = signed(first);
    }

    int total() {
        return total;
    }

    private static long signed(long zigzag) {
        return (zigzag >>> 1) ^ -(zigzag & 1);
    }

    long next() throws IOException {
        if (given == total) {
            throw PageBytes.early();
        }
        if (given++ > 0) {
            if (leftInPart == 0) {
                open();
            }
            leftInPart--;
            value += least + bits.next(widths[part]);
        }
        return value;
    }

    private void open() throws IOException {
        if (++part >= parts) {
            least = signed(PageBytes.varint(in));
            PageBytes.need(in, parts).get(widths);
            part = 0;
        }
        // Parts that no number is left for may have any width.
        if (widths[part] < 0 || widths[part] > Long.SIZE) {
            throw new IOException("a page of differences is damaged");
        }
        leftInPart = perPart;
    }

    /** Passes over all that are left, and what fills the last part up. */
    void finish() throws IOException {
        while (given < total) {
            next();
        }
        int rest = (int) Math.min(in.remaining(), (long) leftInPart * (part < parts ? widths[part] : 0) / Byte.SIZE);
        // A part is a whole number of bytes; the bits that are left of one belong to it.
        in.position(in.position() + rest);
    }
}
