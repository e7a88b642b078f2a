package org.likelihood4j.cli.progress;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Progress as plain lines, for files and pipes: at most one per interval, so a task shorter than that prints none. */
public final class PlainProgress implements ProgressView {
    public static final Duration INTERVAL = Duration.ofSeconds(5);

    private final PrintStream out;
    private final long intervalNanos;
    private final LongSupplier nanoTime;
    private final Runnable onClose;

    private ProgressTask task = new ProgressTask("", 0, 0, 0);
    private long printedAt;

    public PlainProgress(PrintStream out, Duration interval, LongSupplier nanoTime, Runnable onClose) {
        this.out = out;
        this.intervalNanos = interval.toNanos();
        this.nanoTime = nanoTime;
        this.onClose = onClose;
        this.printedAt = nanoTime.getAsLong();
    }

    @Override
    public synchronized void start(String label, long done, long total) {
        task = new ProgressTask(label, done, total, nanoTime.getAsLong());
    }

    @Override
    public synchronized void update(long done, String extra) {
        long now = nanoTime.getAsLong();
        if (now - printedAt >= intervalNanos) {
            printedAt = now;
            out.println(task.describe(done, now, extra));
        }
    }

    @Override
    public synchronized void message(String line) {
        out.println(line);
    }

    @Override
    public void close() {
        onClose.run();
    }
}
