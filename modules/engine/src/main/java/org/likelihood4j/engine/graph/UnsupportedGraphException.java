package org.likelihood4j.engine.graph;

import java.io.Serial;

/** A graph that cannot be one static program. */
public final class UnsupportedGraphException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    UnsupportedGraphException(String message) {
        super(message);
    }
}
