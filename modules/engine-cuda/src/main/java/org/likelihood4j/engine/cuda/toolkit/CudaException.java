package org.likelihood4j.engine.cuda.toolkit;

import org.likelihood4j.engine.DeviceException;

/** What CUDA cannot do, or what of it is not there, and what to do about that: one line for people, but for a compiler's messages. */
public final class CudaException extends DeviceException {
    private static final long serialVersionUID = 1;

    private final boolean noRoom;

    public CudaException(String message) {
        this(message, false);
    }

    private CudaException(String message, boolean noRoom) {
        super(message);
        this.noRoom = noRoom;
    }

    /** That memory is at an end. */
    public static CudaException noRoom(String where, long bytes) {
        long wanted = (bytes + (1 << 20) - 1) >> 20;
        return noRoomFor(where + " has no room for " + wanted + " MiB more");
    }

    /** The same where nobody can say how much was wanted. */
    public static CudaException noRoom(String function) {
        return noRoomFor("the card's memory has no room for what " + function + " makes");
    }

    private static CudaException noRoomFor(String what) {
        return new CudaException("cuda: " + what + ": use smaller batches or a smaller model", true);
    }

    /** Whether what nobody uses any more may be in the way. */
    public boolean isNoRoom() {
        return noRoom;
    }
}
