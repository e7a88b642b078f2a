package org.likelihood4j.training.loop;

import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.TrainingConfig;
import org.likelihood4j.data.Batch;
import org.likelihood4j.data.Batches;
import org.likelihood4j.engine.StepResult;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.inference.runtime.DivergenceException;
import org.likelihood4j.inference.runtime.InputArrays;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.inference.runtime.NoiseKeys;
import org.likelihood4j.inference.runtime.StepFeeds;
import org.likelihood4j.models.Metric;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.runs.RunState;
import org.likelihood4j.training.diagnostics.BlockReport;
import org.likelihood4j.training.diagnostics.BlockReports;
import org.likelihood4j.training.diagnostics.RunningMetrics;
import org.likelihood4j.training.events.TrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The optimiser's steps, one at a time: a batch's inputs, the update, its means and reports; a bad number ends them. */
final class StepTaker {
    private final TrainingJob job;
    private final RunConfig config;
    private final TrainingConfig training;
    private final int stepsPerEpoch;
    private final long totalSteps;
    private final LiveState live;
    private final TrainingProgram program;
    private final ModelFunction loss;
    private final BlockReports blockReports;
    private final ModelValues values;
    private final List<Metric> metrics;
    private final RunningMetrics thisStep;
    private final StepFeeds feeds;
    /** Whether the device makes the inputs. */
    private final boolean fed;
    /** Inputs of steps that were taken, for those to come. */
    private final Queue<List<INDArray>> spare = new ConcurrentLinkedQueue<>();

    /** @param program compiled from {@code loss}, bound to {@code values} */
    StepTaker(
            TrainingJob job,
            LiveState live,
            ModelValues values,
            ModelFunction loss,
            TrainingProgram program,
            BlockReports blockReports) {
        Model model = values.model();
        this.job = job;
        this.config = job.config();
        this.training = config.training();
        this.stepsPerEpoch = job.stepsPerEpoch();
        this.totalSteps = job.totalSteps();
        this.live = live;
        this.program = program;
        this.loss = loss;
        this.blockReports = blockReports;
        this.values = values;
        this.metrics = model.metrics();
        this.feeds = new StepFeeds(loss.inputs(), config.seed());
        this.fed = program.feed(feeds.sources(job.data().train()));
        this.thisStep = new RunningMetrics(model);
    }

    /**
     * One batch: which it is, and where the device does not make the inputs itself these, prepared on another thread while earlier ones
     * train.
     *
     * @param inputs null where the device makes them
     */
    @SuppressWarnings("ArrayRecordComponent") // internal, never compared
    record Prepared(int[] order, int index, long step, List<INDArray> inputs) {}

    /**
     * Prepares a batch; from any thread.
     *
     * @param order of the epoch's images
     * @param index of the batch in the epoch
     * @param step how many were taken before it
     */
    Prepared prepare(int[] order, int index, long step) {
        return new Prepared(order, index, step, fed ? null : inputs(order, index, step));
    }

    private List<INDArray> inputs(int[] order, int index, long step) {
        Batch batch = Batches.training(job.data().train(), training.batch(), order, index);
        NoiseKeys keys = NoiseKeys.training(config.seed(), step);
        List<INDArray> arrays = spare.poll();
        if (arrays == null) {
            return InputArrays.of(loss.inputs(), values.type(), batch, keys, klWeight(step));
        }
        InputArrays.fill(arrays, loss.inputs(), values.type(), batch, keys, klWeight(step));
        return arrays;
    }

    /** Of the step after {@code step} others: 1 where the loss has no such weight. */
    double klWeight(long step) {
        return config.loss() == null ? 1 : config.loss().kl().weight(step, stepsPerEpoch, totalSteps);
    }

    /**
     * Takes a step.
     *
     * @throws DivergenceException if a number is not finite, or the gradient above the configuration's bound
     */
    void take(long epoch, Prepared batch) {
        RunState state = live.state();
        double rate = training.learningRate(state.step(), stepsPerEpoch, totalSteps) * state.learningRateFactor();
        StepResult result = fed
                ? program.step(
                        rate,
                        feeds.step(
                                batch.order(), batch.index(), training.batch(), batch.step(), klWeight(batch.step())))
                : program.step(rate, batch.inputs());
        long step = state.step() + 1;
        String bad = notFinite(result);
        String problem = bad == null ? exploding(result.gradientNorm()) : bad + " is not finite";
        boolean reports = step % training.logEvery() == 0;
        List<INDArray> inputs = batch.inputs();
        if (fed && (reports || problem != null)) {
            inputs = inputs(batch.order(), batch.index(), batch.step());
        }
        List<BlockReport> blocks = reports || problem != null ? blockReports.run(inputs) : List.of();
        if (inputs != null) {
            spare.add(inputs);
        }
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
                step, epoch, result.loss(), result.gradientNorm(), rate, klWeight(step - 1), thisStep.agreement());
        job.listeners().tell(listener -> listener.stepped(report));
        if (reports) {
            RunningMetrics since = live.sinceReport();
            TrainingListener.Report means =
                    new TrainingListener.Report(report, since.means(), since.agreement(), blocks);
            job.listeners().tell(listener -> listener.reported(means));
            since.clear();
        }
    }

    /** The first quantity that is not finite, or null. */
    private String notFinite(StepResult result) {
        for (int i = 0; i < metrics.size(); i++) {
            for (double value : result.metrics().get(i)) {
                if (!Double.isFinite(value)) {
                    return metrics.get(i).name();
                }
            }
        }
        if (!Double.isFinite(result.loss())) {
            return "loss";
        }
        return Double.isFinite(result.gradientNorm()) ? null : "gradient_norm";
    }

    /** Null unless the gradient is above the bound that the configuration sets. */
    private String exploding(double norm) {
        Double bound = training.recovery() == null ? null : training.recovery().maxGradientNorm();
        return bound == null || norm <= bound
                ? null
                : String.format(
                        Locale.ROOT, "gradient_norm %.4g is above training.recovery.maxGradientNorm %s", norm, bound);
    }
}
