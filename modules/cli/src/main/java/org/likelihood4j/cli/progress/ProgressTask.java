package org.likelihood4j.cli.progress;

import java.util.Locale;

/** One task that a {@link ProgressView} shows: its label, its size in units (0: unknown) and when it began. */
record ProgressTask(String label, long total, long startedNanos) {

    /** The share done, from 0 to 1. */
    double share(long done) {
        return total > 0 ? Math.min(1, (double) done / total) : 0;
    }

    /** Such as {@code epoch 1/2  50/200 (25%), 10.0/s, 0:15 left, loss 1.5}. */
    String describe(long done, long nowNanos, String extra) {
        double seconds = (nowNanos - startedNanos) / 1e9;
        StringBuilder line = new StringBuilder(label).append("  ").append(done);
        if (total > 0) {
            line.append('/')
                    .append(total)
                    .append(" (")
                    .append((int) (100 * share(done)))
                    .append("%)");
        }
        if (done > 0 && seconds > 0) {
            double rate = done / seconds;
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

    private static String clock(double seconds) {
        long s = Math.round(seconds);
        return s < 3600
                ? String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
    }
}
