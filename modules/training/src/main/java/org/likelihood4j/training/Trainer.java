package org.likelihood4j.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import org.likelihood4j.data.Batch;
import org.likelihood4j.data.Batches;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ExampleShape;
import org.likelihood4j.data.Prefetch;
import org.likelihood4j.data.Shuffle;
import org.likelihood4j.data.Splits;
import org.likelihood4j.data.io.FolderLock;
import org.likelihood4j.engine.Engine;
import org.likelihood4j.engine.StepResult;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.models.Metric;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.training.TrainingListener.Reason;
import org.likelihood4j.training.config.ConfigException;
import org.likelihood4j.training.config.RunConfig;
import org.likelihood4j.training.config.TrainingConfig;
import org.likelihood4j.training.config.Warmup;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Trains a model: initialises it from the data, takes the optimiser's steps, validates, saves checkpoints and pictures, and tells
 * listeners. The same configuration, seed, machine and threads give the same losses.
 */
public final class Trainer {
    /** Batches that wait ready: enough to hide a slow one, few enough to stay small. */
    private static final int PREFETCHED = 4;

    private static final String LOWER = "lower training.optimizer.learningRate or set training.clipNorm";

    private final RunConfig config;
    private final Splits data;
    private final RunDirectory run;
    private final Provenance provenance;
    private final MetricsLog metricsLog;
    private final List<TrainingListener> listeners = new ArrayList<>();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final Checkpoints checkpoints;
    private final Workings workings;
    private final Engine engine;

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
        this.config = config;
        this.data = data;
        this.run = run;
        this.provenance = provenance;
        this.metricsLog = new MetricsLog(run, this::warn);
        this.listeners.add(metricsLog);
        this.listeners.addAll(listeners);
        this.checkpoints = new Checkpoints(run, config.training().checkpointKeep());
        this.workings = workings;
        this.engine = ModelFactory.engine(config);
    }

    /** Asks the training to stop after the current step and to save a checkpoint; from any thread. */
    public void requestStop() {
        stop.set(true);
    }

    /**
     * Runs a new training to its end.
     *
     * @return why it ended; a checkpoint of that moment has been saved
     * @throws DivergenceException if a loss, metric or gradient is not finite, and no attempt is left to recover; the last
     *     checkpoint stays
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
            RunConfig saved = run.readConfig();
            Resumption.check(saved, config);
            Optional<Path> checkpoint = checkpoints.newestWhole(this::warn);
            if (checkpoint.isPresent()) {
                TrainingState state = CheckpointFiles.readState(checkpoint.get());
                Resumption.check(checkpoint.get(), state, provenance, config, totalSteps(config, data));
                Optional<Reason> ended = ended(state);
                if (ended.isPresent() && MetricsFile.saysEnded(run.metrics())) {
                    listeners.forEach(listener -> listener.alreadyEnded(run, ended.get(), state));
                    return ended.get();
                }
                String differences = Resumption.differences(state, provenance);
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

    /** Why there is nothing left to do, if there is not. */
    private Optional<Reason> ended(TrainingState state) {
        TrainingConfig.EarlyStopping stopping = config.training().earlyStopping();
        if (state.epoch() >= config.training().epochs()) {
            return Optional.of(Reason.COMPLETED);
        } else if (stopping != null && state.validationsSinceBest() >= stopping.patience()) {
            return Optional.of(Reason.EARLY_STOPPED);
        }
        return Optional.empty();
    }

    private Reason train(Optional<Path> checkpoint, boolean resumed) throws IOException {
        DataType type = ModelFactory.type(config.precision());
        Model model = workings.models().apply(config, data.train().shape());
        check(config, model);
        check(config, data);
        ModelValues values;
        if (checkpoint.isPresent()) {
            values = ModelValues.zeros(model, type);
        } else {
            values = ModelValues.initial(model, type, config.seed());
            DataInitializer.run(engine, values, data.train(), config.seed());
        }

        ModelFunction loss = model.trainingLoss();
        try (TrainingProgram program = TrainingStep.compile(config, loss, values);
                Validation validation = new Validation(engine, config, evaluated(program, values), data.validation());
                KlReports klReports = new KlReports(engine, config, evaluated(program, values), data.validation());
                BlockReports blockReports = new BlockReports(
                        engine, values, loss, program, config.training().batchSize())) {
            Loop loop = new Loop(model, values, loss, program, validation, klReports, blockReports);
            checkpoint.ifPresent(loop::restore);
            return loop.run(checkpoint, resumed);
        }
    }

    private void warn(String warning) {
        listeners.forEach(listener -> listener.warned(warning));
    }

    private static long totalSteps(RunConfig config, Splits data) {
        return (long) Batches.perEpoch(data.train(), config.training().batchSize())
                * config.training().epochs();
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
     * Checks what only the data can tell: that a cyclical warm-up's cycles have steps to rise in.
     *
     * @throws ConfigException if they have none
     */
    public static void check(RunConfig config, Splits data) {
        long steps = totalSteps(config, data);
        if (config.loss() != null
                && config.loss().kl().warmup() instanceof Warmup.Cyclical cyclical
                && cyclical.cycles() >= steps) {
            throw new ConfigException(
                    "loss.kl.warmup.cycles",
                    "must be below the training's " + steps + " steps, or no cycle has a step to rise in, was "
                            + cyclical.cycles());
        }
    }

    /** The averaged parameters where the run keeps them: these are validated, reported on and drawn. */
    private static ModelValues evaluated(TrainingProgram program, ModelValues values) {
        return program.state().ema().map(values::withParameters).orElse(values);
    }

    /** One batch, ready: prepared on another thread while earlier ones train. */
    private record Prepared(List<INDArray> inputs) {}

    /** The state of a running training. */
    private final class Loop {
        private final TrainingConfig training = config.training();
        private final Examples train = data.train();
        private final int stepsPerEpoch = Batches.perEpoch(train, training.batchSize());
        private final long totalSteps = totalSteps(config, data);
        private final CheckpointTurns turns = new CheckpointTurns(training, System::nanoTime);
        private final Model model;
        private final List<Metric> metrics;
        private final ModelValues values;
        private final ModelFunction loss;
        private final TrainingProgram program;
        private final Validation validation;
        private final KlReports klReports;
        private final BlockReports blockReports;
        private final Since thisStep;
        private final Since sinceReport;
        private final Since sinceEpoch;
        private TrainingState state = TrainingState.initial(provenance);
        private TrainingState saved;

        Loop(
                Model model,
                ModelValues values,
                ModelFunction loss,
                TrainingProgram program,
                Validation validation,
                KlReports klReports,
                BlockReports blockReports) {
            this.model = model;
            this.metrics = model.metrics();
            this.values = values;
            this.loss = loss;
            this.program = program;
            this.validation = validation;
            this.klReports = klReports;
            this.blockReports = blockReports;
            this.thisStep = new Since(model);
            this.sinceReport = new Since(model);
            this.sinceEpoch = new Since(model);
        }

        /** Goes back, or on, to where a checkpoint was saved. */
        void restore(Path checkpoint) {
            state = CheckpointFiles.restore(checkpoint, values, program.state()).with(provenance);
            try {
                sinceReport.restore(state.running().report());
                sinceEpoch.restore(state.running().epoch());
            } catch (IllegalArgumentException e) {
                throw new TrainingException(checkpoint + ": not of the model of config.yaml: " + e.getMessage(), e);
            }
            saved = state;
        }

        Reason run(Optional<Path> checkpoint, boolean resumed) throws IOException {
            OptionalDouble bitsPerDimension = model.hasBitsPerDimension()
                    ? OptionalDouble.of(1 / (model.dimension() * Math.log(2)))
                    : OptionalDouble.empty();
            TrainingListener.Start start = new TrainingListener.Start(
                    run,
                    stepsPerEpoch,
                    totalSteps,
                    values.parameters().length(),
                    state,
                    resumed,
                    bitsPerDimension,
                    provenance);
            listeners.forEach(listener -> listener.started(start));
            if (checkpoint.isPresent()) {
                checkpoints.goOnFrom(checkpoint.get(), !withinEpoch() && state.bestEpoch() == state.epoch());
            } else {
                // A place to go back to; and a disk that takes no checkpoint is found before there is anything to lose.
                requireSaved();
            }
            Reason reason = null;
            while (reason == null) {
                try {
                    reason = epochs();
                } catch (DivergenceException e) {
                    rollBack(e);
                }
            }
            if (!state.equals(saved)) {
                requireSaved();
            }
            ended(reason);
            return reason;
        }

        private Reason epochs() {
            Optional<Reason> reason = Trainer.this.ended(state);
            while (reason.isEmpty()) {
                if (!epoch(Math.toIntExact(state.epoch() + 1))) {
                    return Reason.INTERRUPTED;
                }
                reason = Trainer.this.ended(state);
            }
            return reason.get();
        }

        /** Goes back to the newest checkpoint, to go on from there with smaller steps; ends the training if it may not. */
        private void rollBack(DivergenceException divergence) {
            TrainingConfig.Recovery recovery = training.recovery();
            List<TrainingState.Rollback> before = state.rollbacks();
            if (recovery == null) {
                ended(Reason.DIVERGED);
                throw divergence;
            }
            if (before.size() >= recovery.attempts()) {
                ended(Reason.DIVERGED);
                throw new DivergenceException(
                        divergence.problem() + ", after " + before.size() + " returns to a checkpoint", LOWER);
            }
            Path checkpoint = checkpoints.newestWhole(Trainer.this::warn).orElseThrow(() -> divergence);
            long step = state.step();
            double factor = state.learningRateFactor() * recovery.factor();
            restore(checkpoint);
            TrainingState.Rollback rollback =
                    new TrainingState.Rollback(step, state.step(), divergence.problem(), factor);
            state = state.rolledBack(before, rollback);
            listeners.forEach(listener -> listener.rolledBack(state, rollback));
        }

        private void ended(Reason reason) {
            listeners.forEach(listener -> listener.ended(reason, state));
        }

        /** What is left of an epoch; false if it was asked to stop within. */
        private boolean epoch(int epoch) {
            long started = System.nanoTime();
            int[] order = Shuffle.permutation(train.size(), config.seed(), epoch);
            long before = state.step();
            int done = Math.toIntExact(before - (epoch - 1L) * stepsPerEpoch);
            if (done == 0) {
                sinceEpoch.clear();
            }
            try (Prefetch<Prepared> batches = new Prefetch<>(
                    "batches",
                    stepsPerEpoch - done,
                    workings.prefetched(),
                    i -> prepare(order, done + Math.toIntExact(i), before + i))) {
                while (batches.hasNext()) {
                    step(epoch, batches.next());
                    if (stop.get()) {
                        return false;
                    }
                    if (batches.hasNext() && turns.afterStep(state.step())) {
                        save(false);
                    }
                }
            }
            state = state.atStep(epoch, state.step());
            boolean last = epoch == training.epochs();
            boolean validate = last || epoch % training.validateEvery() == 0;
            Validation.Result validated = validate ? validation.run() : Validation.Result.NOTHING;
            requireFinite(validated.means(), epoch);
            boolean best = watch(sinceEpoch.means(), validated.means());
            boolean ends = Trainer.this.ended(state).isPresent();
            KlDiagnostics kl = klReports.run(epoch, ends, validated, sinceEpoch.agreement());
            double seconds = (System.nanoTime() - started) / 1e9;
            TrainingListener.Epoch report = new TrainingListener.Epoch(
                    epoch, state.step(), sinceEpoch.means(), validated.means(), kl, best, seconds);
            listeners.forEach(listener -> listener.epochEnded(report));
            if (ends || epoch % training.imagesEvery() == 0) {
                pictures(epoch);
            }
            // Last, so that a training that goes on from here has nothing of this epoch left to do.
            if (best || ends || turns.afterEpoch(epoch, state.step())) {
                save(best);
            }
            return true;
        }

        private Prepared prepare(int[] order, int index, long step) {
            Batch batch = Batches.training(train, training.batchSize(), order, index);
            return new Prepared(Inputs.of(
                    loss.inputs(), values.type(), batch, NoiseKeys.training(config.seed(), step), klWeight(step)));
        }

        /** Of the step after {@code step} others: 1 where the loss has no such weight. */
        private double klWeight(long step) {
            return config.loss() == null ? 1 : config.loss().kl().weight(step, stepsPerEpoch, totalSteps);
        }

        private void step(int epoch, Prepared batch) {
            double rate = training.learningRate(state.step(), stepsPerEpoch, totalSteps) * state.learningRateFactor();
            StepResult result = program.step(rate, batch.inputs());
            long step = state.step() + 1;
            String bad = notFinite(result);
            String problem = bad == null ? exploding(result.gradientNorm()) : bad + " is not finite";
            boolean reports = step % training.logEvery() == 0;
            List<BlockReport> blocks = reports || problem != null ? blockReports.run(batch.inputs()) : List.of();
            batch.inputs().forEach(INDArray::close);
            if (problem != null) {
                TrainingListener.Divergence divergence =
                        new TrainingListener.Divergence(step, epoch, bad == null ? "gradient_norm" : bad, blocks);
                listeners.forEach(listener -> listener.diverged(divergence));
                throw new DivergenceException(
                        "training diverged at step " + step + " (epoch " + epoch + "): " + problem, LOWER);
            }
            state = state.atStep(state.epoch(), step);
            thisStep.clear();
            thisStep.add(result);
            sinceReport.add(thisStep);
            sinceEpoch.add(thisStep);
            TrainingListener.Step report = new TrainingListener.Step(
                    step, epoch, result.loss(), result.gradientNorm(), rate, klWeight(step - 1), thisStep.agreement());
            listeners.forEach(listener -> listener.stepped(report));
            if (reports) {
                TrainingListener.Report means =
                        new TrainingListener.Report(report, sinceReport.means(), sinceReport.agreement(), blocks);
                listeners.forEach(listener -> listener.reported(means));
                sinceReport.clear();
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

        private void requireFinite(Map<String, Double> validated, int epoch) {
            validated.forEach((name, value) -> {
                if (!Double.isFinite(value)) {
                    throw new DivergenceException(
                            "training diverged: validation " + name + " after epoch " + epoch + " is not finite",
                            LOWER);
                }
            });
        }

        /** Null unless the gradient is above the bound that the configuration sets. */
        private String exploding(double norm) {
            Double bound =
                    training.recovery() == null ? null : training.recovery().maxGradientNorm();
            return bound == null || norm <= bound
                    ? null
                    : String.format(
                            Locale.ROOT,
                            "gradient_norm %.4g is above training.recovery.maxGradientNorm %s",
                            norm,
                            bound);
        }

        /** Watches the validation's value, or the training's where there is no validation set. */
        private boolean watch(Map<String, Double> trained, Map<String, Double> validated) {
            if (validated.isEmpty() && data.validation().size() > 0) {
                return false;
            }
            TrainingConfig.EarlyStopping stopping = training.earlyStopping();
            String name = stopping == null ? "loss" : stopping.metric();
            double value = (validated.isEmpty() ? trained : validated).get(name);
            boolean higherIsBetter =
                    metrics.stream().anyMatch(metric -> metric.name().equals(name) && metric.higherIsBetter());
            state = state.watched(value, higherIsBetter, stopping == null ? 0 : stopping.minDelta());
            return state.bestEpoch() == state.epoch();
        }

        private boolean withinEpoch() {
            return state.step() > state.epoch() * stepsPerEpoch;
        }

        private void write(boolean best) throws IOException {
            // First, so that the lines of a checkpoint's steps are never fewer than its steps.
            metricsLog.force();
            TrainingState.Running running = new TrainingState.Running(sinceReport.snapshot(), sinceEpoch.snapshot());
            checkpoints.save(values, program.state(), state.with(running), best, withinEpoch());
            saved = state;
            turns.saved();
        }

        /** A disk that is full now may have room later: the training is worth going on for. */
        private void save(boolean best) {
            try {
                write(best);
            } catch (IOException e) {
                turns.failed();
                warn(notSaved(e) + "; the training goes on and tries again in a minute");
            }
        }

        private void requireSaved() {
            try {
                write(false);
            } catch (IOException e) {
                throw new TrainingException(notSaved(e), e);
            }
        }

        private String notSaved(IOException e) {
            return run.checkpoints() + ": the checkpoint of step " + state.step() + " cannot be saved ("
                    + RunDirectory.reason(e) + "); earlier ones are untouched";
        }

        /** Pictures can be drawn again from a checkpoint: not being able to write them ends nothing. */
        private void pictures(long epoch) {
            TrainedModel trained = new TrainedModel(config, train.shape(), evaluated(program, values));
            try {
                Pictures.write(run, epoch, trained, data.validation().size() > 0 ? data.validation() : data.test());
            } catch (DivergenceException e) {
                throw e;
            } catch (TrainingException | DataException e) {
                warn(e.getMessage() + "; the training goes on");
                return;
            }
            listeners.forEach(listener -> listener.imagesWritten(epoch));
        }
    }
}
