package org.likelihood4j.training.loop;

import java.util.List;
import org.likelihood4j.config.TrainingConfig;
import org.likelihood4j.engine.StepResult;
import org.likelihood4j.inference.runtime.DivergenceException;
import org.likelihood4j.models.Model;
import org.likelihood4j.runs.RunState;
import org.likelihood4j.training.diagnostics.BlockReport;
import org.likelihood4j.training.diagnostics.BlockReports;
import org.likelihood4j.training.diagnostics.RunningMetrics;
import org.likelihood4j.training.events.TrainingListener;
import org.likelihood4j.training.rounds.StepCheck;
import org.likelihood4j.training.rounds.StepPlan;

/** The optimiser's steps, a round at a time: their means and reports; a bad number ends them. */
final class StepTaker {
    private final TrainingJob job;
    private final TrainingConfig training;
    private final StepPlan plan;
    private final StepCheck check;
    private final LiveState live;
    private final Rounds rounds;
    private final BlockReports blockReports;
    private final RunningMetrics thisStep;

    /** @param rounds of the live values */
    StepTaker(
            TrainingJob job,
            StepPlan plan,
            StepCheck check,
            LiveState live,
            Rounds rounds,
            BlockReports blockReports,
            Model model) {
        this.job = job;
        this.training = job.config().training();
        this.plan = plan;
        this.check = check;
        this.live = live;
        this.rounds = rounds;
        this.blockReports = blockReports;
        this.thisStep = new RunningMetrics(model);
    }

    /** Goes to what is left of an epoch. */
    Rounds.Stretch stretch(long from, long end) {
        return rounds.stretch(from, end);
    }

    /**
     * Takes a round.
     *
     * @param to the last step that may be in it, unless that is in the midst of its first block; a step that is reported on is its last, as the parts are
     *     looked at as they are then: after the block
     * @throws DivergenceException if a number is not finite, or the gradient above the configuration's bound
     */
    void take(long epoch, Rounds.Stretch stretch, long to) {
        RunState before = live.state();
        double factor = before.learningRateFactor();
        long report = (before.step() / training.logEvery() + 1) * training.logEvery();
        for (StepResult result : stretch.take(Math.min(to, report), factor)) {
            taken(epoch, stretch, result, factor);
        }
    }

    private void taken(long epoch, Rounds.Stretch stretch, StepResult result, double factor) {
        RunState state = live.state();
        long step = state.step() + 1;
        String bad = check.notFinite(result);
        String problem = bad == null ? check.exploding(result.gradientNorm()) : bad + " is not finite";
        boolean reports = step % training.logEvery() == 0;
        List<BlockReport> blocks = reports || problem != null ? stretch.lastBatch(blockReports::run) : List.of();
        if (problem != null) {
            TrainingListener.Divergence divergence =
                    new TrainingListener.Divergence(step, epoch, bad == null ? "gradient_norm" : bad, blocks);
            job.listeners().tell(listener -> listener.diverged(divergence));
            throw TrainingJob.diverged("training diverged at step " + step + " (epoch " + epoch + "): " + problem);
        }
        live.moveTo(state.atStep(state.epoch(), step));
        thisStep.clear();
        thisStep.add(result);
        live.sinceReport().add(thisStep);
        live.sinceEpoch().add(thisStep);
        TrainingListener.Step report = new TrainingListener.Step(
                step,
                epoch,
                result.loss(),
                result.gradientNorm(),
                plan.learningRate(step - 1) * factor,
                plan.klWeight(step - 1),
                thisStep.agreement());
        job.listeners().tell(listener -> listener.stepped(report));
        if (reports) {
            RunningMetrics since = live.sinceReport();
            TrainingListener.Report means =
                    new TrainingListener.Report(report, since.means(), since.agreement(), blocks);
            job.listeners().tell(listener -> listener.reported(means));
            since.clear();
        }
    }
}
