package org.likelihood4j.cli;

import org.likelihood4j.data.ProgressListener;

/** Shows the progress of loading or evaluating: each kind of work is a task of its own. */
final class DataProgress implements ProgressListener {
    private final ProgressView view;
    private String current = "";

    DataProgress(ProgressView view) {
        this.view = view;
    }

    @Override
    public void progress(String what, long done, long total) {
        if (!what.equals(current)) {
            current = what;
            view.start(what, Math.max(0, total));
        }
        view.update(done, "");
    }

    @Override
    public void note(String line) {
        view.message("  " + line);
    }
}
