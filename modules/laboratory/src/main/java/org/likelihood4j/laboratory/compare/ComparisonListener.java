package org.likelihood4j.laboratory.compare;

import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.training.events.TrainingListener;

/** Follows a comparison. Called on its thread; what it throws ends the comparison. */
public interface ComparisonListener {
    /** A listener that does nothing. */
    static ComparisonListener none() {
        return (run, directory) -> new Watch(new TrainingListener() {}, ProgressListener.none(), () -> {});
    }

    /** Follows one run; closed when the run ends, in whatever way. */
    record Watch(TrainingListener training, ProgressListener evaluation, Runnable onClose) implements AutoCloseable {
        @Override
        public void close() {
            onClose.run();
        }
    }

    /** Opens what follows a run that is about to be trained, or only to be evaluated. */
    Watch watch(ComparisonPlan.Run run, RunDirectory directory);

    /**
     * A run begins.
     *
     * @param number its place in the plan, 1 for the first
     * @param total the number of runs in the plan
     */
    default void runStarted(ComparisonPlan.Run run, int number, int total) {}

    /** A run is finished and recorded. */
    default void runEnded(ComparisonPlan.Run run, ComparisonResult result) {}
}
