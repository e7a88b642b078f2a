package org.likelihood4j.io.protobuf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the fields of one message in the <a href="https://protobuf.dev/programming-guides/encoding/">wire format of protocol
 * buffers</a>, in the order of the calls.
 */
public final class Protobuf {
    private static final int VARINT = 0;
    private static final int EIGHT_BYTES = 1;
    private static final int LENGTH_FIRST = 2;
    private static final int FOUR_BYTES = 5;

    /** Longer values are kept as they are, and not copied into each message around them. */
    private static final int LONG = 1 << 12;

    /** What stands before {@link #out}. */
    private final List<byte[]> parts = new ArrayList<>();

    private long partsSize;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** 0 is what a missing field means, and left out. */
    public Protobuf integer(int field, long value) {
        if (value != 0) {
            tag(field, VARINT);
            varint(value);
        }
        return this;
    }

    public Protobuf number(int field, double value) {
        tag(field, EIGHT_BYTES);
        fixed(Double.doubleToRawLongBits(value), Double.BYTES);
        return this;
    }

    public Protobuf number(int field, float value) {
        tag(field, FOUR_BYTES);
        fixed(Float.floatToRawIntBits(value), Float.BYTES);
        return this;
    }

    /** The value must not change any more. */
    public Protobuf bytes(int field, byte[] value) {
        tag(field, LENGTH_FIRST);
        varint(value.length);
        append(value);
        return this;
    }

    public Protobuf text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    /** The message as it is now. */
    public Protobuf message(int field, Protobuf value) {
        tag(field, LENGTH_FIRST);
        varint(value.size());
        return fields(value);
    }

    /** The fields of another part of this message, as it is now. */
    public Protobuf fields(Protobuf part) {
        part.parts.forEach(this::append);
        append(part.out.toByteArray());
        return this;
    }

    /** A repeated field of integers, packed. */
    public Protobuf integers(int field, long... values) {
        Protobuf packed = new Protobuf();
        for (long value : values) {
            packed.varint(value);
        }
        return message(field, packed);
    }

    /** A repeated field of doubles, packed. */
    public Protobuf numbers(int field, double[] values) {
        tag(field, LENGTH_FIRST);
        varint((long) values.length * Double.BYTES);
        for (double value : values) {
            fixed(Double.doubleToRawLongBits(value), Double.BYTES);
        }
        return this;
    }

    /** Bytes. */
    public long size() {
        return partsSize + out.size();
    }

    public void writeTo(OutputStream stream) throws IOException {
        for (byte[] part : parts) {
            stream.write(part);
        }
        out.writeTo(stream);
    }

    public byte[] toByteArray() {
        ByteArrayOutputStream all = new ByteArrayOutputStream(Math.toIntExact(size()));
        parts.forEach(all::writeBytes);
        all.writeBytes(out.toByteArray());
        return all.toByteArray();
    }

    private void append(byte[] value) {
        if (value.length < LONG) {
            out.writeBytes(value);
            return;
        }
        parts.add(out.toByteArray());
        parts.add(value);
        partsSize += out.size() + value.length;
        out.reset();
    }

    private void tag(int field, int type) {
        varint(((long) field << 3) | type);
    }

    /** Seven bits a byte, the lowest first; all but the last have the eighth bit set. */
    private void varint(long value) {
        long rest = value;
        for (; (rest & ~0x7FL) != 0; rest >>>= 7) {
            out.write((int) ((rest & 0x7F) | 0x80));
        }
        out.write((int) rest);
    }

    /** The lowest byte first. */
    private void fixed(long bits, int bytes) {
        for (int i = 0; i < bytes; i++) {
            out.write((int) (bits >>> (Byte.SIZE * i)));
        }
    }
}
