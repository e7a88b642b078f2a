package org.likelihood4j.data;

import java.util.ArrayDeque;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.function.LongFunction;

/**
 * Prepares items 0, 1, 2, ... on a thread of its own, at most {@code depth} ahead, and hands them out in that order.
 *
 * <p>One monitor guards everything; both sides wait on it. If the producer throws, the items before that one are still
 * handed out, and then {@link #next()} throws the producer's exception, on every further call too.
 *
 * @param <T> the items; never null
 */
public final class Prefetch<T> implements AutoCloseable {
    private final Object lock = new Object();
    private final ArrayDeque<T> ready = new ArrayDeque<>();
    private final long count;
    private final int depth;
    private final LongFunction<T> producer;
    private final Thread thread;
    private long taken;
    private boolean closed;
    private Throwable failure;

    /**
     * Starts at once.
     *
     * @param threadName the name of the thread, which is a daemon
     * @param count how many items there are, 0 or more
     * @param depth how many may wait ready, at least 1; one more may be in the making
     * @param producer makes item {@code i}; called by one thread, with 0, 1, ..., {@code count - 1}
     */
    public Prefetch(String threadName, long count, int depth, LongFunction<T> producer) {
        if (count < 0 || depth < 1) {
            throw new IllegalArgumentException("count " + count + " must be at least 0 and depth " + depth + " 1");
        }
        this.count = count;
        this.depth = depth;
        this.producer = producer;
        this.thread = new Thread(this::produce, threadName);
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether {@link #next()} has something left to give, be it the producer's exception. Never waits. */
    public boolean hasNext() {
        synchronized (lock) {
            return !closed && taken < count;
        }
    }

    /**
     * The next item; waits until it is there.
     *
     * @throws NoSuchElementException if all were handed out
     * @throws IllegalStateException if this was closed, also while waiting
     * @throws CancellationException if the calling thread was interrupted; its interrupt flag stays set
     */
    public T next() {
        synchronized (lock) {
            try {
                while (true) {
                    if (closed) {
                        throw new IllegalStateException(thread.getName() + " was closed");
                    }
                    if (taken == count) {
                        throw new NoSuchElementException("all " + count + " items were taken");
                    }
                    T item = ready.poll();
                    if (item != null) {
                        taken++;
                        lock.notifyAll();
                        return item;
                    }
                    rethrow(failure);
                    lock.wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                CancellationException cancelled =
                        new CancellationException("interrupted while waiting for " + thread.getName());
                cancelled.initCause(e);
                throw cancelled;
            }
        }
    }

    /**
     * Stops the thread and waits until it has ended: it is interrupted, and at worst finishes the item in the making.
     * Items not yet handed out are dropped. Closing twice does nothing.
     */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            ready.clear();
            lock.notifyAll();
        }
        if (thread == Thread.currentThread()) {
            return; // closed by the producer itself: it ends after this item
        }
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // still wait: the producer may be using what the caller frees next
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void produce() {
        try {
            for (long i = 0; i < count; i++) {
                T item = producer.apply(i);
                if (item == null) {
                    throw new NullPointerException("the producer gave null as item " + i);
                }
                if (!offer(item)) {
                    return;
                }
            }
        } catch (Throwable t) { // whatever it is, the consumer must hear of it rather than wait for ever
            synchronized (lock) {
                failure = t;
                lock.notifyAll();
            }
        }
    }

    /** Waits for room; false if closed meanwhile. */
    private boolean offer(T item) throws InterruptedException {
        synchronized (lock) {
            while (!closed && ready.size() >= depth) {
                lock.wait();
            }
            if (closed) {
                return false;
            }
            ready.add(item);
            lock.notifyAll();
            return true;
        }
    }

    private static void rethrow(Throwable failure) {
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw new IllegalStateException("the producer failed: " + failure, failure);
        }
    }
}
