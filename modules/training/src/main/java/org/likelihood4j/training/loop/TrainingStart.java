package org.likelihood4j.training.loop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.Splits;
import org.likelihood4j.engine.Device;
import org.likelihood4j.engine.Engine;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.inference.runtime.ComputeDevice;
import org.likelihood4j.inference.runtime.DataInitializer;
import org.likelihood4j.inference.runtime.MemoryNeed;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.inference.runtime.StartWeights;
import org.likelihood4j.inference.runtime.StepCompiler;
import org.likelihood4j.inference.runtime.StepFeeds;
import org.likelihood4j.models.ExactDensityModel;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.ModelFunction;
import org.likelihood4j.runs.Checkpoints;
import org.likelihood4j.runs.EndReason;
import org.likelihood4j.runs.RunState;
import org.likelihood4j.runs.metrics.MetricsEvent.Ability;
import org.likelihood4j.training.diagnostics.BlockReports;
import org.likelihood4j.training.diagnostics.KlSchedule;
import org.likelihood4j.training.diagnostics.Validation;
import org.likelihood4j.training.events.TrainingListener;
import org.likelihood4j.training.logs.MetricsLog;
import org.likelihood4j.training.rounds.RoundCarrier;
import org.likelihood4j.training.rounds.RoundDriver;
import org.likelihood4j.training.rounds.ShardSteps;
import org.likelihood4j.training.rounds.StepCheck;
import org.likelihood4j.training.rounds.StepInputs;
import org.likelihood4j.training.rounds.StepPlan;
import org.nd4j.linalg.api.buffer.DataType;

/** Gives a training its values, those of a new model or a checkpoint's, and its compiled programs; then the loop runs. */
public final class TrainingStart {
    private final TrainingJob job;
    private final Workings workings;
    private final Checkpoints checkpoints;
    private final MetricsLog metricsLog;

    public TrainingStart(TrainingJob job, Workings workings, Checkpoints checkpoints, MetricsLog metricsLog) {
        this.job = job;
        this.workings = workings;
        this.checkpoints = checkpoints;
        this.metricsLog = metricsLog;
    }

    /**
     * Goes to where the first step is to be taken, and trains from there to the end.
     *
     * @param checkpoint to go on from; empty to begin
     * @param resumed whether an earlier process has begun this training
     * @param stop whether to end after the current step
     */
    public EndReason run(Optional<Path> checkpoint, boolean resumed, BooleanSupplier stop) throws IOException {
        RunConfig config = job.config();
        ComputeDevice.require(config);
        Device device = ComputeDevice.of(config);
        Splits data = job.data();
        Engine engine = ModelBuilder.engine(config);
        DataType type = ModelBuilder.type(config.precision());
        Model model = workings.models().apply(config, data.train().shape());
        PreflightCheck.check(config, model);
        PreflightCheck.check(config, data);
        // Once more where the batch size was not known before the data were.
        MemoryNeed.checkDevice(config, model);
        ModelValues values;
        if (checkpoint.isPresent()) {
            values = ModelValues.zeros(model, type, device);
        } else {
            values = begun(config, ModelValues.initial(model, type, config.seed(), device), data.train());
        }

        ModelFunction loss = model.trainingLoss();
        try (TrainingProgram program = StepCompiler.compile(config, loss, values)) {
            LiveState live = new LiveState(job, values, program);
            try (Validation validation = new Validation(engine, config, live.evaluated(), data);
                    KlSchedule klReports = new KlSchedule(engine, config, live.evaluated(), data.validation());
                    BlockReports blockReports = new BlockReports(
                            engine, values, loss, program, config.training().batch())) {
                checkpoint.ifPresent(live::restore);
                if (checkpoint.isEmpty()) {
                    validation
                            .watched()
                            .ifPresent(untrained -> live.moveTo(live.state().startingAt(untrained)));
                }
                StepPlan plan = new StepPlan(config, data.train());
                CheckpointKeeper keeper = new CheckpointKeeper(job, plan, live, checkpoints, metricsLog);
                TrainingListener.Start start = start(values, live.state(), resumed);
                job.listeners().tell(listener -> listener.started(start));
                if (checkpoint.isPresent()) {
                    keeper.goOnFrom(checkpoint.get());
                } else {
                    // A place to go back to; and a disk that takes no checkpoint is found before there is anything to
                    // lose.
                    keeper.requireSaved();
                }
                StepCheck check = new StepCheck(model.metrics(), config.training());
                StepInputs inputs = new StepInputs(plan, loss, values);
                Rounds rounds;
                if (workings.carrier().isPresent()) {
                    RoundCarrier carrier = workings.carrier().get();
                    rounds = new CarriedRounds(new RoundDriver(carrier, config, data.train(), values, program), inputs);
                } else if (config.training().shards() != null) {
                    ShardSteps steps = new ShardSteps(plan, check, inputs, program);
                    rounds = new ShardRounds(steps, inputs, workings.prefetched());
                } else {
                    StepFeeds feeds = new StepFeeds(loss.inputs(), config.seed());
                    rounds = program.feed(feeds.sources(data.train()))
                            ? new FedRounds(plan, check, inputs, feeds, program)
                            : new OwnRounds(plan, inputs, program, workings.prefetched());
                }
                TrainingParts parts = new TrainingParts(
                        live,
                        plan,
                        new StepTaker(job, plan, check, live, rounds, blockReports, model),
                        keeper,
                        new Rollbacks(job, live, checkpoints),
                        validation,
                        klReports,
                        workings.pictures());
                return new TrainingLoop(job, model, parts, stop).run();
            }
        }
    }

    private static ModelValues begun(RunConfig config, ModelValues values, Examples train) {
        Optional<StartWeights> given = StartWeights.of(config);
        if (given.isPresent()) {
            given.get().requireShape(train.shape());
            given.get().load(values);
        } else {
            DataInitializer.run(config, values, train);
        }
        return values;
    }

    private TrainingListener.Start start(ModelValues values, RunState from, boolean resumed) {
        Model model = values.model();
        OptionalLong dimensions =
                model.hasBitsPerDimension() ? OptionalLong.of(model.shape().size()) : OptionalLong.empty();
        return new TrainingListener.Start(
                job.run(),
                job.stepsPerEpoch(),
                job.totalSteps(),
                values.parameters().length(),
                values.parameters(),
                from,
                resumed,
                dimensions,
                abilities(model),
                job.provenance());
    }

    private static Set<Ability> abilities(Model model) {
        Set<Ability> abilities = EnumSet.noneOf(Ability.class);
        if (model instanceof ExactDensityModel) {
            abilities.add(Ability.EXACT_DENSITY);
        }
        if (model instanceof LatentVariableModel latent) {
            abilities.add(Ability.KL);
            if (latent.hasAnalyticKl()) {
                abilities.add(Ability.CLOSED_FORM_KL);
            }
        }
        if (model.latentGeometry().isPresent()) {
            abilities.add(Ability.LATENT);
        }
        return abilities;
    }
}
