package org.likelihood4j.data.formats;

import java.nio.ByteBuffer;

/** How one number of an array file is stored. */
enum ElementType {
    /** 0 for false. */
    BOOL(1) {
        @Override
        double get(ByteBuffer bytes, int at) {
            return bytes.get(at) == 0 ? 0 : 1;
        }
    },
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
    UINT64(8) {
        @Override
        double get(ByteBuffer bytes, int at) {
            long bits = bytes.getLong(at);
            // Half of it, of which the last bit tells how to round.
            return bits >= 0 ? bits : 2.0 * ((bits >>> 1) | (bits & 1));
        }
    },
    FLOAT16(2) {
        @Override
        double get(ByteBuffer bytes, int at) {
            int bits = bytes.getShort(at);
            int exponent = (bits >> 10) & 0x1f;
            int fraction = bits & 0x3ff;
            double size = switch (exponent) {
                case 0 -> Math.scalb((double) fraction, -24);
                case 0x1f -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
                default -> Math.scalb((double) (fraction | 0x400), exponent - 25);
            };
            return bits < 0 ? -size : size;
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

    boolean isWhole() {
        return this != FLOAT16 && this != FLOAT32 && this != FLOAT64;
    }

    /** The number at a place, in the buffer's byte order. (Whole numbers of 64 bits are rounded to 53.) */
    abstract double get(ByteBuffer bytes, int at);
}
