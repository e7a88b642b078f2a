package org.likelihood4j.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.data.Splits;
import org.likelihood4j.inference.runtime.DivergenceException;
import org.likelihood4j.io.FolderLock;
import org.likelihood4j.io.IoReasons;
import org.likelihood4j.io.RunException;
import org.likelihood4j.runs.CheckpointFolder;
import org.likelihood4j.runs.Checkpoints;
import org.likelihood4j.runs.EndReason;
import org.likelihood4j.runs.Provenance;
import org.likelihood4j.runs.ResumeRules;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.RunState;
import org.likelihood4j.runs.metrics.MetricsFile;
import org.likelihood4j.training.events.Listeners;
import org.likelihood4j.training.events.TrainingListener;
import org.likelihood4j.training.logs.MetricsLog;
import org.likelihood4j.training.logs.TensorBoardLog;
import org.likelihood4j.training.loop.TrainingJob;
import org.likelihood4j.training.loop.TrainingStart;
import org.likelihood4j.training.loop.Workings;
import org.likelihood4j.training.rounds.RoundCarrier;
import org.likelihood4j.training.rounds.ShardWorker;

/**
 * Trains a model: initialises it from the data, takes the optimiser's steps, validates, saves checkpoints and pictures, and tells
 * listeners. The same configuration, seed, machine and threads give the same losses.
 */
public final class Trainer {
    private final RunConfig config;
    private final RunDirectory run;
    private final TrainingJob job;
    private final MetricsLog metricsLog;
    private final AtomicBoolean stop = new AtomicBoolean();
    private final Checkpoints checkpoints;
    private final Workings workings;

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

    /**
     * A training whose steps are taken by others, to the bits that {@code training.shards} give on one machine. All else, from the run's folder
     * to validation, is done here.
     *
     * @param carrier brings rounds of steps to {@link org.likelihood4j.training.rounds.ShardWorker}s
     * @throws ConfigException if {@code training.shards} is not set
     */
    public Trainer(
            RunConfig config,
            Splits data,
            RunDirectory run,
            Provenance provenance,
            List<? extends TrainingListener> listeners,
            RoundCarrier carrier) {
        this(config, data, run, provenance, listeners, Workings.carriedBy(carrier));
    }

    /** The same with other workings. */
    Trainer(
            RunConfig config,
            Splits data,
            RunDirectory run,
            Provenance provenance,
            List<? extends TrainingListener> listeners,
            Workings workings) {
        if (workings.carrier().isPresent()) {
            ShardWorker.requireShards(config);
        }
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
     * @throws RunException if the run directory cannot be written, or another process trains in it
     */
    @SuppressWarnings("try") // the lock is only to be held
    public EndReason run() {
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
     * @throws RunException as {@link #run}; also if no checkpoint is whole, or if the data have changed
     */
    @SuppressWarnings("try") // the lock is only to be held
    public EndReason resume() {
        try (FolderLock lock = run.lock()) {
            RunConfig saved = run.readConfig().fitted(job.data().train().size());
            ResumeRules.check(saved, config);
            ResumeRules.requireTrained(run);
            Optional<Path> checkpoint = checkpoints.newestWhole(this::warn);
            if (checkpoint.isPresent()) {
                RunState state = CheckpointFolder.readState(checkpoint.get());
                ResumeRules.check(checkpoint.get(), state, job.provenance(), config, job.totalSteps());
                Optional<EndReason> ended = state.ended(config.training());
                if (ended.isPresent() && MetricsFile.saysEnded(run.metrics())) {
                    job.listeners().tell(listener -> listener.alreadyEnded(run, ended.get(), state));
                    return ended.get();
                }
                String differences = ResumeRules.differences(state, job.provenance());
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

    private RunException unwritable(IOException e) {
        return new RunException(run.path() + ": cannot be written (" + IoReasons.of(e) + ")", e);
    }

    private EndReason train(Optional<Path> checkpoint, boolean resumed) throws IOException {
        return new TrainingStart(job, workings, checkpoints, metricsLog).run(checkpoint, resumed, stop::get);
    }

    private void warn(String warning) {
        job.listeners().warn(warning);
    }
}
