package org.likelihood4j.engine.cuda;

import com.sun.jna.Pointer;
import java.lang.ref.Reference;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Copies between arrays of ND4J and other memory of the process. */
final class HostArrays {
    /** Java's buffers count by int. */
    private static final long MOST = 1L << 30;

    private HostArrays() {}

    /** Of a contiguous array that somebody holds: where its first number is. */
    static Pointer memory(INDArray array) {
        return new Pointer(array.data().pointer().address() + array.offset() * Float.BYTES);
    }

    /** Copies the numbers of a float32 array, in C order. */
    static void read(INDArray array, Pointer to) {
        boolean plain = !array.isView() && array.ordering() == 'c' && array.offset() == 0;
        INDArray from = plain ? array : array.dup('c');
        try {
            copy(memory(from), to, from.length() * Float.BYTES, MOST);
        } finally {
            // Its memory may be given back with it, while the copy knows an address only.
            Reference.reachabilityFence(from);
        }
        if (!plain) {
            from.close();
        }
    }

    /** Copies numbers to a contiguous float32 array. */
    static void write(Pointer from, INDArray array) {
        try {
            copy(from, memory(array), array.length() * Float.BYTES, MOST);
        } finally {
            Reference.reachabilityFence(array);
        }
    }

    /** Copies in pieces of so many bytes at most. */
    static void copy(Pointer from, Pointer to, long bytes, long most) {
        for (long at = 0; at < bytes; at += most) {
            long length = Math.min(most, bytes - at);
            to.getByteBuffer(at, length).put(from.getByteBuffer(at, length));
        }
    }
}
