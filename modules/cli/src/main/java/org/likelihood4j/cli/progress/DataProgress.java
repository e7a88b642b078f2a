package org.likelihood4j.cli.progress;

import org.likelihood4j.data.ProgressListener;

/** Shows the progress of loading or evaluating: each kind of work is a task of its own. */
public final class DataProgress implements ProgressListener {
    private final ProgressView view;
    private String current = "";

    public DataProgress(ProgressView view) {
        this.view = view;
    }

    @Override
    public void progress(String what, long done, long total) {
        if (!what.equals(current)) {
            current = what;
            // The first report comes after its work: the clock knows nothing of that.
            view.start(what, done, Math.max(0, total));
        }
        view.update(done, "");
    }

    @Override
    public void note(String line) {
        view.message("  " + line);
    }
}
