package org.likelihood4j.data.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Takes what encodings are made of from a page, which may end too early. */
final class PageBytes {
    private PageBytes() {}

    /** Bytes with their number before them. */
    static ByteBuffer part(ByteBuffer in) throws IOException {
        return part(in, need(in, 4).getInt());
    }

    /** The next bytes. */
    static ByteBuffer part(ByteBuffer in, int size) throws IOException {
        need(in, size);
        ByteBuffer part = in.slice(in.position(), size).order(ByteOrder.LITTLE_ENDIAN);
        in.position(in.position() + size);
        return part;
    }

    /**
     * The same bytes, of which there are so many.
     *
     * @throws IOException if there are not
     */
    static ByteBuffer need(ByteBuffer in, int bytes) throws IOException {
        if (bytes < 0 || bytes > in.remaining()) {
            throw early();
        }
        return in;
    }

    static int u8(ByteBuffer in) throws IOException {
        return need(in, 1).get() & 0xff;
    }

    /** A number of a few bytes, seven bits in each. */
    static long varint(ByteBuffer in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int next = u8(in);
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new IOException("a page has a number that is too long");
    }

    static IOException early() {
        return new IOException("a page ends too early");
    }
}
