package org.likelihood4j.data.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Byte strings of which each begins with so many bytes of the one before. */
final class Fronts implements Values {
    /** Of a page, once written out: shared beginnings take no bytes. */
    private static final long MOST_WRITTEN = 1L << 28;

    private final CellType type;
    private final Deltas shared;
    private final Slices rest;
    private final byte[] last;
    private int length;
    private long written;

    Fronts(CellType type, ByteBuffer in, int most) throws IOException {
        this.type = type;
        // None is longer than all that the page has.
        this.last = new byte[in.remaining()];
        ByteBuffer again = in.duplicate().order(in.order());
        new Deltas(in, most).finish();
        this.shared = new Deltas(again, most);
        this.rest = Slices.of(in, most);
    }

    @Override
    public Object next() throws IOException {
        long front = shared.next();
        if (front < 0 || front > length) {
            throw PageBytes.early();
        }
        length = (int) front + rest.next(last, (int) front);
        written += length;
        if (written > MOST_WRITTEN || (type.width() > 0 && length != type.width())) {
            throw new IOException("a page of texts is damaged, or too long once written out");
        }
        return type.of(last, 0, length);
    }
}
