package org.likelihood4j.engine.cuda.toolkit;

/** What CUDA cannot do, or what of it is not there, and what to do about that: one line for people, but for a compiler's messages. */
public final class CudaException extends RuntimeException {
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
        return new CudaException(
                "cuda: " + where + " has no room for " + wanted + " MiB more: use smaller batches or a smaller model",
                true);
    }

    /** Whether what nobody uses any more may be in the way. */
    public boolean isNoRoom() {
        return noRoom;
    }
}
