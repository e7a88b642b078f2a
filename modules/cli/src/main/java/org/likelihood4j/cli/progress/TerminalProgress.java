package org.likelihood4j.cli.progress;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Progress as a bar that redraws itself on the terminal's last line, and vanishes when its task ends. */
public final class TerminalProgress implements ProgressView {
    public static final Duration INTERVAL = Duration.ofMillis(100);

    private static final int BAR_WIDTH = 20;

    private final PrintStream out;
    private final int width;
    private final long intervalNanos;
    private final LongSupplier nanoTime;
    private final Runnable onClose;

    private ProgressTask task = new ProgressTask("", 0, 0, 0);
    private long drawnAt;
    private String drawn = "";

    public TerminalProgress(PrintStream out, int columns, Duration interval, LongSupplier nanoTime, Runnable onClose) {
        this.out = out;
        // A line that fills the last column would wrap on some terminals.
        this.width = columns - 1;
        this.intervalNanos = interval.toNanos();
        this.nanoTime = nanoTime;
        this.onClose = onClose;
    }

    @Override
    public synchronized void start(String label, long done, long total) {
        task = new ProgressTask(label, done, total, nanoTime.getAsLong());
        draw(done, task.startedNanos(), "");
    }

    @Override
    public synchronized void update(long done, String extra) {
        long now = nanoTime.getAsLong();
        if (now - drawnAt >= intervalNanos) {
            draw(done, now, extra);
        }
    }

    private void draw(long done, long now, String extra) {
        int filled = (int) (BAR_WIDTH * task.share(done));
        String text =
                "[" + "=".repeat(filled) + " ".repeat(BAR_WIDTH - filled) + "] " + task.describe(done, now, extra);
        drawnAt = now;
        show(text.length() <= width ? text : text.substring(0, width));
    }

    private void show(String text) {
        int leftover = Math.max(0, drawn.length() - text.length());
        out.print('\r' + text + " ".repeat(leftover));
        out.flush();
        drawn = text;
    }

    private void erase() {
        if (!drawn.isEmpty()) {
            show("");
            out.print('\r');
            out.flush();
        }
    }

    @Override
    public synchronized void message(String line) {
        String bar = drawn;
        erase();
        out.println(line);
        if (!bar.isEmpty()) {
            show(bar);
        }
    }

    @Override
    public synchronized void close() {
        erase();
        onClose.run();
    }
}
