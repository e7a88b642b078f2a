package org.likelihood4j.data.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.likelihood4j.data.parquet.CellType.Stored;

/** The cells of a page, of those that are there, one after the other: in constant memory, whatever the page claims to hold. */
@FunctionalInterface
interface Values {
    /** The next cell. */
    Object next() throws IOException;

    /** The encodings, by the format's numbers; a page of words has one of its own. */
    int PLAIN = 0;

    int PLAIN_DICTIONARY = 2;
    int RLE = 3;
    int DELTA = 5;
    int DELTA_LENGTH = 6;
    int DELTA_BYTES = 7;
    int RLE_DICTIONARY = 8;
    int SPLIT = 9;

    /**
     * Of a page.
     *
     * @param dictionary the words that cells are numbers of; null if there are none
     * @param most cells that the page may hold
     */
    static Values of(int encoding, CellType type, ByteBuffer in, Object[] dictionary, int most) throws IOException {
        in.order(ByteOrder.LITTLE_ENDIAN);
        boolean whole = type.stored() == Stored.INT32 || type.stored() == Stored.INT64;
        boolean bytes = type.stored() == Stored.BYTES || type.stored() == Stored.FIXED;
        if (encoding == PLAIN) {
            return plain(type, in);
        } else if (encoding == PLAIN_DICTIONARY || encoding == RLE_DICTIONARY) {
            return words(in, dictionary);
        } else if (encoding == RLE && type.stored() == Stored.BOOLEAN) {
            Hybrid runs = new Hybrid(part(in), 1);
            return () -> runs.next() == 1;
        } else if (encoding == DELTA && whole) {
            Deltas deltas = new Deltas(in, most);
            return type.stored() == Stored.INT32
                    ? () -> type.of((long) (int) deltas.next())
                    : () -> type.of(deltas.next());
        } else if (encoding == DELTA_LENGTH && type.stored() == Stored.BYTES) {
            Slices slices = Slices.of(in, most);
            return () -> slices.next(type);
        } else if (encoding == DELTA_BYTES && bytes) {
            return new Fronts(type, in, most);
        } else if (encoding == SPLIT && type.width() > 0) {
            return split(type, in);
        }
        throw new IOException("a page of " + type.stored() + " has an encoding that is not known (" + encoding + ")");
    }

    /** One after the other as they are. */
    private static Values plain(CellType type, ByteBuffer in) {
        return switch (type.stored()) {
            case BOOLEAN -> {
                Bits bits = new Bits(in);
                yield () -> bits.next(1) == 1;
            }
            case INT32 -> () -> type.of(need(in, 4).getInt());
            case INT64 -> () -> type.of(need(in, 8).getLong());
            case FLOAT -> () -> need(in, 4).getFloat();
            case DOUBLE -> () -> need(in, 8).getDouble();
            case BYTES -> () -> bytes(type, in, need(in, 4).getInt());
            case FIXED, INT96 -> () -> bytes(type, in, type.width());
        };
    }

    private static Object bytes(CellType type, ByteBuffer in, int size) throws IOException {
        need(in, size);
        Object cell = type.of(in.array(), in.arrayOffset() + in.position(), size);
        in.position(in.position() + size);
        return cell;
    }

    private static Values words(ByteBuffer in, Object[] dictionary) throws IOException {
        if (dictionary == null) {
            throw new IOException("a page of numbers of words has no words");
        }
        if (!in.hasRemaining()) {
            return () -> {
                throw early();
            };
        }
        Hybrid numbers = new Hybrid(in, u8(in));
        return () -> {
            int number = numbers.next();
            if (number < 0 || number >= dictionary.length) {
                throw new IOException("a page has a number without a word");
            }
            return dictionary[number];
        };
    }

    /** All first bytes, then all second ones, and so on. */
    private static Values split(CellType type, ByteBuffer in) throws IOException {
        int width = type.width();
        int count = in.remaining() / width;
        if (count * width != in.remaining()) {
            throw early();
        }
        int from = in.position();
        ByteBuffer one = ByteBuffer.allocate(width).order(ByteOrder.LITTLE_ENDIAN);
        Values cells = plain(type, one);
        int[] at = {0};
        return () -> {
            if (at[0] == count) {
                throw early();
            }
            one.clear();
            for (int i = 0; i < width; i++) {
                one.put(i, in.get(from + i * count + at[0]));
            }
            at[0]++;
            return cells.next();
        };
    }

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

    /** @throws IOException if there are not so many bytes left */
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
