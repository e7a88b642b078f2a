package org.likelihood4j.engine.cuda;

import java.util.ArrayDeque;
import java.util.Deque;

/** How to give back what was made: the last first, and each, whatever fails. */
final class Closers implements AutoCloseable {
    private final Deque<Runnable> closers = new ArrayDeque<>();

    /** Something more that is to be given back. */
    void add(Runnable closer) {
        closers.push(closer);
    }

    /** Gives everything back, once; then throws the first of the failures. */
    @Override
    public void close() {
        RuntimeException first = null;
        while (!closers.isEmpty()) {
            try {
                closers.pop().run();
            } catch (RuntimeException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
