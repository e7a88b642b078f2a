package org.likelihood4j.cli.progress;

/** The progress of a quiet console: none. */
public final class NoProgress implements ProgressView {
    @Override
    public void start(String label, long done, long total) {}

    @Override
    public void update(long done, String extra) {}

    @Override
    public void message(String line) {}

    @Override
    public void close() {}
}
