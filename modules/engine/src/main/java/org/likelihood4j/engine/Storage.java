package org.likelihood4j.engine;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Where a vector's values are: in the process's own memory, or on a device of its own with a copy here. A program that is bound to a
 * storage finds what was last written to it, on whichever side, without anybody's copying.
 */
public interface Storage {
    /** The values' type. */
    DataType type();

    /** How many values. */
    long length();

    /**
     * The values in the process's own memory: waits until whoever writes them elsewhere is done, and brings the copy here up to date. It
     * is the same array at each call, which may be read and written until a program next runs on the storage: ask anew then.
     */
    INDArray host();

    /** The same array for who does not write it: what its device has need not be brought there again. */
    default INDArray read() {
        return host();
    }

    /** Memory of the process's own, which is all that there is. */
    static Storage of(INDArray vector) {
        return new Storage() {
            @Override
            public DataType type() {
                return vector.dataType();
            }

            @Override
            public long length() {
                return vector.length();
            }

            @Override
            public INDArray host() {
                return vector;
            }
        };
    }
}
