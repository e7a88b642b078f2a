package org.likelihood4j.data;

import java.nio.ByteBuffer;

/** How one number of an array file is stored. */
enum ElementType {
    UINT8(1) {
        @Override
        double get(ByteBuffer bytes, int at) {
            return bytes.get(at) & 0xff;
        }
    },
    INT8(1) {
        @Override
        double get(ByteBuffer bytes, int at) {
            return bytes.get(at);
        }
    },
    UINT16(2) {
        @Override
        double get(ByteBuffer bytes, int at) {
            return bytes.getShort(at) & 0xffff;
        }
    },
    INT16(2) {
        @Override
        double get(ByteBuffer bytes, int at) {
            return bytes.getShort(at);
        }
    },
    UINT32(4) {
        @Override
        double get(ByteBuffer bytes, int at) {
            return Integer.toUnsignedLong(bytes.getInt(at));
        }
    },
    INT32(4) {
        @Override
        double get(ByteBuffer bytes, int at) {
            return bytes.getInt(at);
        }
    },
    INT64(8) {
        @Override
        double get(ByteBuffer bytes, int at) {
            return bytes.getLong(at);
        }
    },
    FLOAT32(4) {
        @Override
        double get(ByteBuffer bytes, int at) {
            return bytes.getFloat(at);
        }
    },
    FLOAT64(8) {
        @Override
        double get(ByteBuffer bytes, int at) {
            return bytes.getDouble(at);
        }
    };

    private final int width;

    ElementType(int width) {
        this.width = width;
    }

    /** Bytes of one number. */
    int width() {
        return width;
    }

    /** The number at a place, in the buffer's byte order. (An INT64 is rounded to 53 bits.) */
    abstract double get(ByteBuffer bytes, int at);
}
