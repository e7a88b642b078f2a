package org.likelihood4j.training.loop;

import java.io.IOException;
import java.nio.file.Path;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.Checkpoints;
import org.likelihood4j.runs.RunState;
import org.likelihood4j.training.logs.MetricsLog;
import org.likelihood4j.training.rounds.StepPlan;

/** Saves a running training when it is due. */
final class CheckpointKeeper {
    private final TrainingJob job;
    private final StepPlan plan;
    private final LiveState live;
    private final Checkpoints checkpoints;
    private final MetricsLog metricsLog;
    private final CheckpointSchedule turns;

    CheckpointKeeper(TrainingJob job, StepPlan plan, LiveState live, Checkpoints checkpoints, MetricsLog metricsLog) {
        this.job = job;
        this.plan = plan;
        this.live = live;
        this.checkpoints = checkpoints;
        this.metricsLog = metricsLog;
        this.turns = new CheckpointSchedule(job.config().training(), System::nanoTime);
    }

    /** The training has been restored from this one. */
    void goOnFrom(Path checkpoint) throws IOException {
        checkpoints.goOnFrom(checkpoint, !live.withinEpoch() && live.state().bestIsLast());
    }

    /** The next step that a checkpoint counts, or the end if that is before. */
    long nextByStep(long step, long end) {
        return Math.min(turns.nextByStep(step), end);
    }

    /** Within an epoch, after a block of steps. */
    void afterBlock() {
        long step = live.state().step();
        if (turns.afterBlock(plan.blockStart(step - 1), step)) {
            save(false);
        }
    }

    /** @param due whatever its turn is */
    void afterEpoch(boolean best, boolean due) {
        RunState state = live.state();
        if (best || due || turns.afterEpoch(state.epoch(), plan.blockStart(state.step() - 1), state.step())) {
            save(best);
        }
    }

    /**
     * Saves what has not been saved.
     *
     * @throws RunException if the disk does not take it
     */
    void requireSaved() {
        if (live.isSaved()) {
            return;
        }
        try {
            write(false);
        } catch (IOException e) {
            throw new RunException(notSaved(e), e);
        }
    }

    /** A disk that is full now may have room later: the training is worth going on for. */
    private void save(boolean best) {
        try {
            write(best);
        } catch (IOException e) {
            turns.failed();
            job.listeners().warn(notSaved(e) + "; the training goes on and tries again in a minute");
        }
    }

    private void write(boolean best) throws IOException {
        // First, so that the lines of a checkpoint's steps are never fewer than its steps.
        metricsLog.force();
        live.save(checkpoints, best);
        turns.saved();
    }

    private String notSaved(IOException e) {
        return job.run().checkpoints() + ": the checkpoint of step "
                + live.state().step() + " cannot be saved (" + IoReasons.of(e) + "); earlier ones are untouched";
    }
}
