package org.likelihood4j.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import org.likelihood4j.data.Batch;
import org.likelihood4j.data.Batches;
import org.likelihood4j.data.ImageSet;
import org.likelihood4j.data.ImageShape;
import org.likelihood4j.data.Prefetch;
import org.likelihood4j.data.Shuffle;
import org.likelihood4j.data.Splits;
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

    private final RunConfig config;
    private final Splits data;
    private final RunDirectory run;
    private final Provenance provenance;
    private final List<TrainingListener> listeners = new ArrayList<>();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final Checkpoints checkpoints;
    private final BiFunction<RunConfig, ImageShape, Model> models;
    private final Engine engine;

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
        this(config, data, run, provenance, listeners, ModelFactory::create);
    }

    /** The same with another way to the model, for tests that train one with a fault. */
    Trainer(
            RunConfig config,
            Splits data,
            RunDirectory run,
            Provenance provenance,
            List<? extends TrainingListener> listeners,
            BiFunction<RunConfig, ImageShape, Model> models) {
        this.config = config;
        this.data = data;
        this.run = run;
        this.provenance = provenance;
        this.listeners.add(new MetricsLog());
        this.listeners.addAll(listeners);
        this.checkpoints = new Checkpoints(run);
        this.models = models;
        this.engine = ModelFactory.engine(config);
    }

    /** Asks the training to stop after the current step and to save a checkpoint; from any thread. */
    public void requestStop() {
        stop.set(true);
    }

    /**
     * Runs to the end.
     *
     * @return why it ended; a checkpoint of that moment has been saved
     * @throws DivergenceException if a loss, metric or gradient is not finite; the last checkpoint stays
     * @throws TrainingException if the run directory cannot be written
     */
    public Reason run() {
        DataType type = ModelFactory.type(config.precision());
        Model model = models.apply(config, data.train().shape());
        check(config, model);
        check(config, data);
        ModelValues values = ModelValues.initial(model, type, config.seed());
        DataInitializer.run(engine, values, data.train(), config.seed());

        ModelFunction loss = model.trainingLoss();
        try (TrainingProgram program = TrainingStep.compile(config, loss, values);
                Validation validation = new Validation(engine, config, evaluated(program, values), data.validation());
                KlReports klReports = new KlReports(engine, config, evaluated(program, values), data.validation());
                BlockReports blockReports = new BlockReports(
                        engine, values, loss, program, config.training().batchSize())) {
            return new Loop(model, values, loss, program, validation, klReports, blockReports).run();
        }
    }

    /**
     * Checks what the configuration alone cannot know: that its model has the metric that early stopping watches.
     *
     * @throws ConfigException if it has not
     */
    public static void check(RunConfig config, Model model) {
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
        long steps = (long) Batches.perEpoch(data.train(), config.training().batchSize())
                * config.training().epochs();
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
        private final ImageSet train = data.train();
        private final int stepsPerEpoch = Batches.perEpoch(train, training.batchSize());
        private final long totalSteps = (long) stepsPerEpoch * training.epochs();
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
        private long savedStep = -1;

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

        Reason run() {
            OptionalDouble bitsPerDimension = model.hasBitsPerDimension()
                    ? OptionalDouble.of(1 / (model.dimension() * Math.log(2)))
                    : OptionalDouble.empty();
            TrainingListener.Start start = new TrainingListener.Start(
                    run, stepsPerEpoch, totalSteps, values.parameters().length(), bitsPerDimension, provenance);
            listeners.forEach(listener -> listener.started(start));
            Reason reason;
            try {
                reason = epochs();
            } catch (DivergenceException e) {
                ended(Reason.DIVERGED);
                throw e;
            }
            if (savedStep != state.step()) {
                // Before the first validation this is the best there is, and the commands look for the best.
                save(state.bestEpoch() == 0, reason == Reason.INTERRUPTED);
            }
            ended(reason);
            return reason;
        }

        private Reason epochs() {
            Reason reason = Reason.COMPLETED;
            for (int epoch = 1; epoch <= training.epochs() && reason == Reason.COMPLETED; epoch++) {
                reason = epoch(epoch);
            }
            return reason;
        }

        private void ended(Reason reason) {
            listeners.forEach(listener -> listener.ended(reason, state));
        }

        private Reason epoch(int epoch) {
            long started = System.nanoTime();
            int[] order = Shuffle.permutation(train.size(), config.seed(), epoch);
            long before = state.step();
            sinceEpoch.clear();
            try (Prefetch<Prepared> batches = new Prefetch<>(
                    "batches", stepsPerEpoch, PREFETCHED, i -> prepare(order, Math.toIntExact(i), before + i))) {
                while (batches.hasNext()) {
                    step(epoch, batches.next());
                    if (stop.get()) {
                        return Reason.INTERRUPTED;
                    }
                }
            }
            state = state.atStep(epoch, state.step());
            boolean last = epoch == training.epochs();
            boolean validate = last || epoch % training.validateEvery() == 0;
            Validation.Result validated = validate ? validation.run() : Validation.Result.NOTHING;
            requireFinite(validated.means(), epoch);
            boolean best = watch(sinceEpoch.means(), validated.means());
            TrainingConfig.EarlyStopping stopping = training.earlyStopping();
            boolean exhausted = stopping != null && state.validationsSinceBest() >= stopping.patience();
            KlDiagnostics kl = klReports.run(epoch, last || exhausted, validated, sinceEpoch.agreement());
            double seconds = (System.nanoTime() - started) / 1e9;
            TrainingListener.Epoch report = new TrainingListener.Epoch(
                    epoch, state.step(), sinceEpoch.means(), validated.means(), kl, best, seconds);
            listeners.forEach(listener -> listener.epochEnded(report));
            if (best || last || exhausted || epoch % training.checkpointEvery() == 0) {
                save(best, false);
            }
            if (last || exhausted || epoch % training.imagesEvery() == 0) {
                pictures(epoch);
            }
            return exhausted ? Reason.EARLY_STOPPED : Reason.COMPLETED;
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
            double rate = training.learningRate(state.step(), stepsPerEpoch, totalSteps);
            StepResult result = program.step(rate, batch.inputs());
            long step = state.step() + 1;
            String bad = notFinite(result);
            boolean reports = step % training.logEvery() == 0;
            List<BlockReport> blocks = reports || bad != null ? blockReports.run(batch.inputs()) : List.of();
            batch.inputs().forEach(INDArray::close);
            if (bad != null) {
                TrainingListener.Divergence divergence = new TrainingListener.Divergence(step, epoch, bad, blocks);
                listeners.forEach(listener -> listener.diverged(divergence));
                throw new DivergenceException("training diverged at step " + step + " (epoch " + epoch + "): " + bad
                        + " is not finite; lower training.optimizer.learningRate or set training.clipNorm");
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
                    throw new DivergenceException("training diverged: validation " + name + " after epoch " + epoch
                            + " is not finite; lower training.optimizer.learningRate or set training.clipNorm");
                }
            });
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

        private void save(boolean best, boolean withinEpoch) {
            checkpoints.save(values, program.state(), state, best, withinEpoch);
            savedStep = state.step();
        }

        private void pictures(long epoch) {
            TrainedModel trained = new TrainedModel(config, train.shape(), evaluated(program, values));
            Pictures.write(run, epoch, trained, data.validation().size() > 0 ? data.validation() : data.test());
            listeners.forEach(listener -> listener.imagesWritten(epoch));
        }
    }
}
