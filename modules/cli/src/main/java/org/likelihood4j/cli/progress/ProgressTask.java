package org.likelihood4j.cli.progress;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * One task that a {@link ProgressView} shows. Its rate is that of late, the last minute's or the last quarter's of its time, whichever
 * is longer: steps become faster as the JIT compiler comes to them, and slower when something else begins on the machine.
 */
final class ProgressTask {
    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** Marks within the window. */
    private static final int MARKS = 30;

    private final String label;
    private final long total;
    private final long startedNanos;
    /** How far it was when, the oldest first: the newest that is out of the window, and those within. */
    private final Deque<Mark> marks = new ArrayDeque<>();

    private record Mark(long done, long nanos) {}

    /**
     * A task that begins, or goes on.
     *
     * @param done  how far it is already
     * @param total its size in units; 0 where it is unknown
     */
    ProgressTask(String label, long done, long total, long startedNanos) {
        this.label = label;
        this.total = total;
        this.startedNanos = startedNanos;
        marks.add(new Mark(done, startedNanos));
    }

    long startedNanos() {
        return startedNanos;
    }

    /** The share done, from 0 to 1. */
    double share(long done) {
        return total > 0 ? Math.min(1, (double) done / total) : 0;
    }

    /** Such as {@code epoch 1/2  50/200 (25%), 10.0/s, 0:15 left, loss 1.5}. */
    String describe(long done, long nowNanos, String extra) {
        double rate = rate(done, nowNanos);
        StringBuilder line = new StringBuilder(label).append("  ").append(done);
        if (total > 0) {
            line.append('/')
                    .append(total)
                    .append(" (")
                    .append((int) (100 * share(done)))
                    .append("%)");
        }
        if (rate > 0) {
            line.append(String.format(Locale.ROOT, ", %.1f/s", rate));
            if (total > done) {
                line.append(", ").append(clock((total - done) / rate)).append(" left");
            }
        }
        if (!extra.isEmpty()) {
            line.append(", ").append(extra);
        }
        return line.toString();
    }

    /** Units a second, of late; 0 where nothing was done. */
    private double rate(long done, long nowNanos) {
        long window = Math.max(WINDOW_NANOS, (nowNanos - startedNanos) / 4);
        if (nowNanos - marks.getLast().nanos() >= window / MARKS) {
            marks.add(new Mark(done, nowNanos));
        }
        Mark oldest = marks.removeFirst();
        while (!marks.isEmpty() && nowNanos - marks.getFirst().nanos() >= window) {
            oldest = marks.removeFirst();
        }
        marks.addFirst(oldest);
        double seconds = (nowNanos - oldest.nanos()) / 1e9;
        return seconds > 0 ? (done - oldest.done()) / seconds : 0;
    }

    private static String clock(double seconds) {
        long s = Math.round(seconds);
        return s < 3600
                ? String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
    }
}
