package org.likelihood4j.data.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Thrift's compact protocol, in which a footer and the headers of pages are written. Structures are handed out a field at a time, and
 * what nobody asks for is passed over: so nothing is allocated but what is kept.
 */
final class CompactReader {
    private static final int MOST_DEPTH = 32;

    private static final int STOP = 0;
    private static final int TRUE = 1;
    private static final int FALSE = 2;
    private static final int BYTE = 3;
    private static final int I16 = 4;
    private static final int I32 = 5;
    private static final int I64 = 6;
    private static final int DOUBLE = 7;
    private static final int BINARY = 8;
    private static final int LIST = 9;
    private static final int SET = 10;
    private static final int MAP = 11;
    private static final int STRUCT = 12;
    private static final int UUID = 13;

    private final ByteBuffer in;
    private int type = STRUCT;
    private boolean taken;
    private int depth;

    CompactReader(ByteBuffer in) {
        this.in = in;
    }

    /** Takes a field of a structure by one of the reader's methods, or leaves it. */
    @FunctionalInterface
    interface Field {
        void take(int id) throws IOException;
    }

    /** Takes an element of a list by one of the reader's methods, or leaves it. */
    @FunctionalInterface
    interface Element {
        void take() throws IOException;
    }

    /** The end came before a structure was whole. */
    static final class Truncated extends IOException {
        private static final long serialVersionUID = 1L;

        Truncated() {
            super("it ends too early");
        }
    }

    /** Reads a structure. */
    void struct(Field field) throws IOException {
        require(STRUCT);
        deeper();
        int id = 0;
        for (int head = u8(); (head & 15) != STOP; head = u8()) {
            id = head >>> 4 == 0 ? (int) zigzag() : id + (head >>> 4);
            type = head & 15;
            taken = false;
            int own = type;
            field.take(id);
            if (!taken) {
                skip(own, false);
            }
        }
        depth--;
        taken = true;
    }

    /** Reads a list, whose elements may be anything. */
    void list(Element element) throws IOException {
        require(LIST);
        deeper();
        int head = u8();
        int of = head & 15;
        int size = size(head >>> 4);
        for (int i = 0; i < size; i++) {
            type = of;
            taken = false;
            element.take();
            if (!taken) {
                skip(of, true);
            }
        }
        depth--;
        taken = true;
    }

    private int size(int small) throws IOException {
        long size = small == 15 ? varint() : small;
        if (size < 0 || size > in.remaining()) {
            throw new Truncated();
        }
        return (int) size;
    }

    int integer() throws IOException {
        long value = longInteger();
        if (value != (int) value) {
            throw new IOException("a number of its description is out of range");
        }
        return (int) value;
    }

    long longInteger() throws IOException {
        taken = true;
        if (type == BYTE) {
            return (byte) u8();
        } else if (type != I16 && type != I32 && type != I64) {
            throw wrong();
        }
        return zigzag();
    }

    /** A field that is true or false; in lists there are none in these files. */
    boolean truth() throws IOException {
        taken = true;
        if (type != TRUE && type != FALSE) {
            throw wrong();
        }
        return type == TRUE;
    }

    String text() throws IOException {
        require(BINARY);
        taken = true;
        byte[] bytes = new byte[size(15)];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** How many bytes were read. */
    int position() {
        return in.position();
    }

    private void require(int wanted) throws IOException {
        if (type != wanted) {
            throw wrong();
        }
    }

    private static IOException wrong() {
        return new IOException("its description is damaged");
    }

    private void deeper() throws IOException {
        if (++depth > MOST_DEPTH) {
            throw wrong();
        }
    }

    private void skip(int of, boolean listed) throws IOException {
        switch (of) {
            case TRUE, FALSE -> pass(listed ? 1 : 0);
            case BYTE -> pass(1);
            case I16, I32, I64 -> varint();
            case DOUBLE -> pass(8);
            case UUID -> pass(16);
            case BINARY -> pass(size(15));
            case LIST, SET -> {
                type = LIST;
                list(() -> {});
            }
            case STRUCT -> {
                type = STRUCT;
                struct(id -> {});
            }
            case MAP -> skipMap();
            default -> throw wrong();
        }
    }

    private void skipMap() throws IOException {
        deeper();
        int size = size(15);
        int types = size == 0 ? 0 : u8();
        for (int i = 0; i < size; i++) {
            skip(types >>> 4, true);
            skip(types & 15, true);
        }
        depth--;
    }

    private void pass(int bytes) throws IOException {
        if (bytes > in.remaining()) {
            throw new Truncated();
        }
        in.position(in.position() + bytes);
    }

    private int u8() throws IOException {
        if (!in.hasRemaining()) {
            throw new Truncated();
        }
        return in.get() & 0xff;
    }

    private long varint() throws IOException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int next = u8();
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw wrong();
    }

    private long zigzag() throws IOException {
        long value = varint();
        return (value >>> 1) ^ -(value & 1);
    }
}
