package org.likelihood4j.engine.cuda.toolkit;

/** What CUDA cannot do, or what of it is not there, and what to do about that: one line for people, but for a compiler's messages. */
public final class CudaException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CudaException(String message) {
        super(message);
    }
}
