package org.likelihood4j.training.loop;

import java.nio.file.Path;
import java.util.List;
import org.likelihood4j.config.TrainingConfig;
import org.likelihood4j.inference.runtime.DivergenceException;
import org.likelihood4j.runs.Checkpoints;
import org.likelihood4j.runs.EndReason;
import org.likelihood4j.runs.RunState;

/** After a divergence: back to the newest checkpoint, to go on from there with smaller steps. */
final class Rollbacks {
    private final TrainingJob job;
    private final LiveState live;
    private final Checkpoints checkpoints;

    Rollbacks(TrainingJob job, LiveState live, Checkpoints checkpoints) {
        this.job = job;
        this.live = live;
        this.checkpoints = checkpoints;
    }

    /**
     * Goes back.
     *
     * @throws DivergenceException if the configuration gives no attempt, or none is left; the listeners were told
     */
    void after(DivergenceException divergence) {
        TrainingConfig.Recovery recovery = job.config().training().recovery();
        RunState diverged = live.state();
        List<RunState.Rollback> before = diverged.rollbacks();
        if (recovery == null) {
            job.listeners().tell(listener -> listener.ended(EndReason.DIVERGED, diverged));
            throw divergence;
        }
        if (before.size() >= recovery.attempts()) {
            job.listeners().tell(listener -> listener.ended(EndReason.DIVERGED, diverged));
            throw TrainingJob.diverged(divergence.problem() + ", after " + before.size() + " returns to a checkpoint");
        }
        if (!live.withinEpoch()) {
            // It is not known when in the epoch it went wrong.
            checkpoints.discardWithinEpoch();
        }
        Path checkpoint = checkpoints.newestWhole(job.listeners()::warn).orElseThrow(() -> divergence);
        double factor = diverged.learningRateFactor() * recovery.factor();
        live.restore(checkpoint);
        RunState.Rollback rollback =
                new RunState.Rollback(diverged.step(), live.state().step(), divergence.problem(), factor);
        live.moveTo(live.state().rolledBack(before, rollback));
        job.listeners().tell(listener -> listener.rolledBack(live.state(), rollback));
    }
}
