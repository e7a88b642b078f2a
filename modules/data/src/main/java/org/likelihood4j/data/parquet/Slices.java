package org.likelihood4j.data.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Byte strings behind each other, whose lengths stand before them all. */
final class Slices {
    private final Deltas lengths;
    private final ByteBuffer bytes;

    private Slices(Deltas lengths, ByteBuffer bytes) {
        this.lengths = lengths;
        this.bytes = bytes;
    }

    static Slices of(ByteBuffer in, int most) throws IOException {
        ByteBuffer again = in.duplicate().order(in.order());
        new Deltas(in, most).finish();
        return new Slices(new Deltas(again, most), in);
    }

    private int length() throws IOException {
        long length = lengths.next();
        if (length < 0 || length > bytes.remaining()) {
            throw PageBytes.early();
        }
        return (int) length;
    }

    Object next(CellType type) throws IOException {
        int length = length();
        Object cell = type.of(bytes.array(), bytes.arrayOffset() + bytes.position(), length);
        bytes.position(bytes.position() + length);
        return cell;
    }

    /** The next one, written behind others. */
    int next(byte[] target, int from) throws IOException {
        int length = length();
        if (length > target.length - from) {
            throw PageBytes.early();
        }
        bytes.get(target, from, length);
        return length;
    }
}
