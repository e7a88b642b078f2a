package org.likelihood4j.io.safetensors;

/** The element type of a tensor, under its name in the safetensors format. */
public enum DType {
    /** IEEE 754 binary32. */
    F32(Float.BYTES),
    /** IEEE 754 binary64. */
    F64(Double.BYTES),
    /** Signed 64-bit integer. */
    I64(Long.BYTES);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** The size of an element in bytes. */
    public int bytes() {
        return bytes;
    }
}
