package org.likelihood4j.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.io.FolderLock;
import org.likelihood4j.models.Model;
import org.likelihood4j.training.TrainingListener.Reason;
import org.likelihood4j.training.config.ConfigException;
import org.likelihood4j.training.config.RunConfig;
import org.likelihood4j.training.config.Warmup;

/**
 * Trains a model: initialises it from the data, takes the optimiser's steps, validates, saves checkpoints and pictures, and tells
 * listeners. The same configuration, seed, machine and threads give the same losses.
 */
public final class Trainer {
    /** Batches that wait ready: enough to hide a slow one, few enough to stay small. */
    private static final int PREFETCHED = 4;

    private final RunConfig config;
    private final RunDirectory run;
    private final TrainingJob job;
    private final MetricsLog metricsLog;
    private final AtomicBoolean stop = new AtomicBoolean();
    private final Checkpoints checkpoints;
    private final Workings workings;

    /**
     * What tests replace.
     *
     * @param models the way to the model
     * @param prefetched how many batches wait ready
     */
    record Workings(BiFunction<RunConfig, ExampleShape, Model> models, int prefetched) {
        static final Workings USUAL = new Workings(ModelFactory::create, PREFETCHED);
    }

    /**
     * A training that has not started.
     *
     * @param provenance is saved with every checkpoint
     * @param listeners called in order, after the metrics file has been written
     */
    public Trainer(
            RunConfig config,
            Splits data,
            RunDirectory run,
            Provenance provenance,
            List<? extends TrainingListener> listeners) {
        this(config, data, run, provenance, listeners, Workings.USUAL);
    }

    /** The same with other workings. */
    Trainer(
            RunConfig config,
            Splits data,
            RunDirectory run,
            Provenance provenance,
            List<? extends TrainingListener> listeners,
            Workings workings) {
        this.config = config.fitted(data.train().size());
        this.run = run;
        this.metricsLog = new MetricsLog(run, this::warn);
        List<TrainingListener> all = new ArrayList<>(List.of(metricsLog));
        if (config.tensorboard()) {
            all.add(new TensorBoardLog(run, this::warn));
        }
        all.addAll(listeners);
        this.job = new TrainingJob(this.config, data, run, provenance, new Listeners(all));
        this.checkpoints = new Checkpoints(run, config.training().checkpointKeep());
        this.workings = workings;
    }

    /** Where everything goes. */
    public RunDirectory directory() {
        return run;
    }

    /** Asks the training to stop after the current step and to save a checkpoint; from any thread. */
    public void requestStop() {
        stop.set(true);
    }

    /**
     * Runs a new training to its end.
     *
     * @return why it ended; a checkpoint of that moment has been saved
     * @throws DivergenceException if a loss, metric or gradient is not finite, or with {@code training.recovery} if the training
     *     is worse than at its start, and no attempt is left to recover; the last checkpoint stays
     * @throws TrainingException if the run directory cannot be written, or another process trains in it
     */
    @SuppressWarnings("try") // the lock is only to be held
    public Reason run() {
        try (FolderLock lock = run.lock()) {
            return train(Optional.empty(), false);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /**
     * Goes on from the newest checkpoint that is whole, or from the beginning if none was saved, as if the training had never been
     * cut off: the same machine and threads give the same bits.
     *
     * @return why it ended, in this process or in an earlier one
     * @throws DivergenceException as {@link #run}
     * @throws ConfigException if a key differs from the run's that cannot change
     * @throws TrainingException as {@link #run}; also if no checkpoint is whole, or if the data have changed
     */
    @SuppressWarnings("try") // the lock is only to be held
    public Reason resume() {
        try (FolderLock lock = run.lock()) {
            RunConfig saved = run.readConfig().fitted(job.data().train().size());
            Resumption.check(saved, config);
            Optional<Path> checkpoint = checkpoints.newestWhole(this::warn);
            if (checkpoint.isPresent()) {
                TrainingState state = CheckpointFiles.readState(checkpoint.get());
                Resumption.check(checkpoint.get(), state, job.provenance(), config, job.totalSteps());
                Optional<Reason> ended = state.ended(config.training());
                if (ended.isPresent() && MetricsFile.saysEnded(run.metrics())) {
                    job.listeners().tell(listener -> listener.alreadyEnded(run, ended.get(), state));
                    return ended.get();
                }
                String differences = Resumption.differences(state, job.provenance());
                if (differences != null) {
                    warn(checkpoint.get() + ": " + differences);
                }
            }
            run.deleteLeftovers();
            if (!saved.equals(config)) {
                run.writeConfig(config);
            }
            return train(checkpoint, true);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private TrainingException unwritable(IOException e) {
        return new TrainingException(run.path() + ": cannot be written (" + RunDirectory.reason(e) + ")", e);
    }

    private Reason train(Optional<Path> checkpoint, boolean resumed) throws IOException {
        return new TrainingStart(job, workings, checkpoints, metricsLog).run(checkpoint, resumed, stop::get);
    }

    private void warn(String warning) {
        job.listeners().warn(warning);
    }

    /**
     * Checks what the configuration alone cannot know: that its model fits in memory and has the metric that early
     * stopping watches.
     *
     * @throws ConfigException if it does not
     */
    public static void check(RunConfig config, Model model) {
        MemoryNeed.checkTraining(config, model);
        if (config.training().earlyStopping() == null) {
            return;
        }
        String watched = config.training().earlyStopping().metric();
        List<String> names = new ArrayList<>(List.of("loss"));
        model.metrics().forEach(metric -> names.add(metric.name()));
        if (!names.contains(watched)) {
            throw new ConfigException(
                    "training.earlyStopping.metric",
                    "this model has no metric '" + watched + "'; it has " + String.join(", ", names));
        }
    }

    /**
     * Checks what only the data can tell: that they have a batch to train on, which fits in memory, and numbers that vary, and a
     * cyclical warm-up's cycles have steps to rise in.
     *
     * @throws ConfigException if they do not, and the configuration has to change
     * @throws org.likelihood4j.data.DataException if they do not, and the data have to change
     */
    public static void check(RunConfig config, Splits data) {
        DataCheck.check(config, data);
        MemoryNeed.checkTraining(
                config, ModelFactory.create(config, data.train().shape()));
        long steps = TrainingJob.totalSteps(config, data);
        if (config.loss() != null
                && config.loss().kl().warmup() instanceof Warmup.Cyclical cyclical
                && cyclical.cycles() >= steps) {
            throw new ConfigException(
                    "loss.kl.warmup.cycles",
                    "must be below the training's " + steps + " steps, or no cycle has a step to rise in, was "
                            + cyclical.cycles());
        }
    }

    /**
     * Looks at the columns of training rows for what has no density: tied or dependent columns, and values far off. Nothing is said
     * of images.
     *
     * @return what a user should know, a line each
     * @throws org.likelihood4j.data.DataException if a likelihood would mean nothing, and {@code data.allow} does not say to go on
     */
    public static List<String> columns(RunConfig config, Splits data) {
        return ColumnCheck.check(config, data.train());
    }
}
