package org.likelihood4j.engine.plan;

/** Numbers of 16 bits, the upper half of float32's: its exponents, and 8 significant bits instead of 24. */
public final class Bfloat16 {
    private static final int BITS = 16;

    private Bfloat16() {}

    /** The bits of the nearest number, of two the even one; what is not a number stays so. */
    public static short bits(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> BITS) | 0x40);
        }
        return (short) ((bits + 0x7fff + ((bits >>> BITS) & 1)) >>> BITS);
    }

    /** The number that bits stand for. */
    public static float value(short bits) {
        return Float.intBitsToFloat(bits << BITS);
    }

    /** The nearest number. */
    public static float round(float value) {
        return value(bits(value));
    }
}
