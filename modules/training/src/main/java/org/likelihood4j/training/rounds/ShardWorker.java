package org.likelihood4j.training.rounds;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.TrainingConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.Splits;
import org.likelihood4j.engine.TrainingProgram;
import org.likelihood4j.inference.runtime.ComputeDevice;
import org.likelihood4j.inference.runtime.ModelBuilder;
import org.likelihood4j.inference.runtime.ModelValues;
import org.likelihood4j.inference.runtime.StepCompiler;
import org.likelihood4j.io.RunException;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.ModelFunction;

/**
 * One of several workers that take a training's steps together, each with its own shards of every batch: worker r of W computes shards [r S/W,
 * (r+1) S/W), sums their gradients with the others', and makes the same update as they do; or has a replica of its own for each, whose states are
 * averaged with the others'. It keeps a compiled program and the data, where {@code training.shuffle} is {@code shards} those of its own shards
 * only, and nothing else from one round to the next. Any number of threads may call it, and wait for each other.
 */
public final class ShardWorker implements AutoCloseable {
    /** Steps whose inputs wait ready. */
    private static final int PREFETCHED = 2;

    private final RunConfig config;
    private final WorkerData data;
    private final StepCheck check;
    private final ModelFunction loss;
    private final ModelValues values;
    private final TrainingProgram program;
    private final StateBytes state;
    private Optional<Held> held = Optional.empty();
    private Optional<ShardSteps> steps = Optional.empty();

    /** What depends on the examples that this worker holds: those of some shards, or of all. */
    private record Held(int first, int count, Fingerprint fingerprint, StepPlan plan, StepInputs inputs) {}

    private ShardWorker(RunConfig config, WorkerData data) {
        ComputeDevice.require(config);
        Model model = ModelBuilder.create(config, data.shape());
        this.values = ModelValues.zeros(model, ModelBuilder.type(config.precision()), ComputeDevice.of(config));
        this.loss = model.trainingLoss();
        this.config = config;
        this.data = data;
        this.check = new StepCheck(model.metrics(), config.training());
        this.program = StepCompiler.compile(config, loss, values);
        this.state = new StateBytes(values, program);
    }

    /**
     * Compiles what is needed.
     *
     * @param config the text of the run's {@code config.yaml}, of which {@code training.shards} is set
     * @param data as the driver has them; only the training examples are used
     * @throws ConfigException if the text is no such configuration
     */
    public static ShardWorker open(String config, Splits data) {
        return open(config, WorkerData.of(data));
    }

    /** The same with data that are read when they are needed. */
    public static ShardWorker open(String config, WorkerData data) {
        RunConfig read = ConfigLoader.parse(config, "config.yaml", List.of()).fitted(data.size());
        requireShards(read);
        return new ShardWorker(read, data);
    }

    /**
     * How many shards a batch has.
     *
     * @throws ConfigException if that is not set
     */
    public static int requireShards(RunConfig config) {
        if (config.training().shards() == null) {
            throw new ConfigException(
                    "training.shards", "required where several workers take the steps; for example training.shards: 8");
        }
        return config.training().shards();
    }

    /**
     * A line on why this worker must not take part in a round: it has other data, another configuration or another program.
     *
     * @param rank and number of workers as {@link #run} has them
     */
    public synchronized Optional<String> refusal(byte[] round, int rank, int workers) {
        int own = own(rank, workers);
        return hold(rank * own, own)
                .fingerprint()
                .differenceFrom(Round.read(ByteBuffer.wrap(round)).driver());
    }

    /** Whether this worker has all examples that {@link #prepare} would read. */
    public synchronized boolean isReadyFor(int rank, int workers) {
        int own = own(rank, workers);
        return held.isPresent() && covers(held.get(), rank * own, own);
    }

    /**
     * Reads the examples that a worker of this rank needs, where they are not here; else {@link #refusal} and {@link #run} do.
     *
     * @throws org.likelihood4j.data.DataException if they cannot be read
     */
    public synchronized void prepare(int rank, int workers) {
        int own = own(rank, workers);
        hold(rank * own, own);
    }

    private static boolean covers(Held held, int first, int count) {
        return held.first() <= first && first + count <= held.first() + held.count();
    }

    /** Reads what is not here, and drops what was. */
    private Held hold(int first, int count) {
        if (held.isEmpty() || !covers(held.get(), first, count)) {
            held = Optional.empty();
            steps = Optional.empty();
            boolean some = config.training().shuffle() == TrainingConfig.Shuffle.SHARDS;
            int from = some ? first : 0;
            int most = some ? count : config.training().shards();
            Examples train = data.examples(from, most);
            StepPlan plan = new StepPlan(config, train);
            held = Optional.of(
                    new Held(from, most, Fingerprint.of(config, train), plan, new StepInputs(plan, loss, values)));
        }
        return held.get();
    }

    /**
     * Takes part in a round, a pure function of its bytes. Whatever it throws, the next one is not touched by it.
     *
     * @param round as the {@link RoundCarrier} was given it
     * @param rank r, 0 to W-1
     * @param workers W, a power of two that is at most S
     * @param all between these W workers
     * @return what the carrier has to bring back
     * @throws RunException if this worker must not take part, see {@link #refusal}
     * @throws IOException if the all-reduce throws it
     */
    public synchronized byte[] run(byte[] round, int rank, int workers, AllReduce all) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(round);
        Round asked = Round.read(bytes);
        int own = own(rank, workers);
        Held rows = hold(rank * own, own);
        rows.fingerprint().differenceFrom(asked.driver()).ifPresent(line -> {
            throw new RunException("worker " + rank + " " + line);
        });
        state.readBefore(bytes);
        List<ShardResults> taken = steps(rows, asked, rank * own, own, all);
        Answer answer = new Answer(rank, state.checksum(), taken);
        return rank == 0 ? state.after(answer.head()) : answer.head();
    }

    private int own(int rank, int workers) {
        int shards = config.training().shards();
        if (workers < 1 || Integer.bitCount(workers) != 1 || workers > shards || rank < 0 || rank >= workers) {
            throw new RunException("worker " + rank + " of " + workers + ": training.shards " + shards
                    + " are for 1, 2, 4, ... workers, at most " + shards);
        }
        return shards / workers;
    }

    private List<ShardResults> steps(Held rows, Round asked, int first, int own, AllReduce all) throws IOException {
        List<ShardResults> taken = new ArrayList<>();
        try (ShardSteps.Stretch stretch = steps(rows, own).stretch(asked.from(), asked.to(), PREFETCHED, first)) {
            boolean goesOn = true;
            while (goesOn && stretch.step() < asked.to()) {
                BlockResults block = stretch.take(asked.factor(), all);
                taken.addAll(block.steps());
                goesOn = block.goesOn();
            }
        }
        return taken;
    }

    private ShardSteps steps(Held rows, int own) {
        if (steps.isEmpty() || steps.get().own() != own) {
            steps = Optional.of(new ShardSteps(rows.plan(), check, rows.inputs(), program, own));
        }
        return steps.get();
    }

    @Override
    public synchronized void close() {
        program.close();
    }
}
