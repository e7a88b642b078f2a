package org.likelihood4j.data.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.likelihood4j.data.parquet.CellType.Stored;

/** How the cells of a page are written. */
final class Encoding {
    /** The encodings, by the format's numbers; a page of words has one of its own. */
    static final int PLAIN = 0;

    static final int PLAIN_DICTIONARY = 2;
    static final int RLE = 3;
    static final int DELTA = 5;
    static final int DELTA_LENGTH = 6;
    static final int DELTA_BYTES = 7;
    static final int RLE_DICTIONARY = 8;
    static final int SPLIT = 9;

    private Encoding() {}

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
            Hybrid runs = new Hybrid(PageBytes.part(in), 1);
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
            case INT32 -> () -> type.of(PageBytes.need(in, 4).getInt());
            case INT64 -> () -> type.of(PageBytes.need(in, 8).getLong());
            case FLOAT -> () -> PageBytes.need(in, 4).getFloat();
            case DOUBLE -> () -> PageBytes.need(in, 8).getDouble();
            case BYTES -> () -> bytes(type, in, PageBytes.need(in, 4).getInt());
            case FIXED, INT96 -> () -> bytes(type, in, type.width());
        };
    }

    private static Object bytes(CellType type, ByteBuffer in, int size) throws IOException {
        PageBytes.need(in, size);
        Object cell = type.of(in.array(), in.arrayOffset() + in.position(), size);
        in.position(in.position() + size);
        return cell;
    }

    private static Values words(ByteBuffer in, Object[] dictionary) throws IOException {
        if (dictionary == null) {
            throw new IOException("a page of numbers of words has no words");
        }
        if (!in.hasRemaining()) {
            return none();
        }
        Hybrid numbers = new Hybrid(in, PageBytes.u8(in));
        return () -> {
            int number = numbers.next();
            if (number < 0 || number >= dictionary.length) {
                throw new IOException("a page has a number without a word");
            }
            return dictionary[number];
        };
    }

    /** Of a page all of whose cells are missing. */
    private static Values none() {
        return () -> {
            throw PageBytes.early();
        };
    }

    /** All first bytes, then all second ones, and so on. */
    private static Values split(CellType type, ByteBuffer in) throws IOException {
        int width = type.width();
        int count = in.remaining() / width;
        if (count * width != in.remaining()) {
            throw PageBytes.early();
        } else if (count == 0) {
            // Of no bytes a width is only what the file says.
            return none();
        }
        int from = in.position();
        ByteBuffer one = ByteBuffer.allocate(width).order(ByteOrder.LITTLE_ENDIAN);
        Values cells = plain(type, one);
        int[] at = {0};
        return () -> {
            if (at[0] == count) {
                throw PageBytes.early();
            }
            one.clear();
            for (int i = 0; i < width; i++) {
                one.put(i, in.get(from + i * count + at[0]));
            }
            at[0]++;
            return cells.next();
        };
    }
}
