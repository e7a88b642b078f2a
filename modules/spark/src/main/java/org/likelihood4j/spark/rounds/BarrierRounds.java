package org.likelihood4j.spark.rounds;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.TrainingConfig;
import org.likelihood4j.data.ExampleSource;
import org.likelihood4j.data.PartialSource;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.Splits;
import org.likelihood4j.io.RunException;
import org.likelihood4j.spark.SparkFailure;
import org.likelihood4j.training.rounds.RoundCarrier;
import org.likelihood4j.training.rounds.ShardWorker;

/**
 * Rounds as barrier stages: a job whose tasks run at the same time, take the round's steps together, and sum their gradients over sockets of their own.
 *
 * <p>A round is a function of its bytes, and all that comes of it are the answers: if an executor is lost, the whole round is taken again, with the same result.
 * Workers learn each other's addresses by Spark's own exchange, which takes a second, whenever an executor is new; else they have them from the driver,
 * who has them from the round before.
 */
public final class BarrierRounds implements RoundCarrier {
    /** Executors fail now and then; a round that fails so often fails for another reason. */
    private static final int MOST_ATTEMPTS = 5;

    private static final String GROUP = "likelihood4j";

    /** The numbers of Spark's own messages. */
    private static final List<String> TOO_FEW_SLOTS = List.of("SPARK-24819", "SPARK-24942", "SPARK-24820");

    private final JavaSparkContext spark;
    private final WorkerSetup setup;
    private final Mesh.Patience patience;
    private final Consumer<String> warnings;
    private final JavaRDD<Integer> slots;
    /** Where each rank was in the round before. */
    private List<String> seats = List.of();
    /** The workers' ports, by their executors. */
    private final Map<String, String> ports = new HashMap<>();

    /**
     * Rounds of a training.
     *
     * @param config as the trainer has it
     * @param datasets the project's folder of published data
     * @param data as the trainer has them
     * @param workers as many as a power of two, at most the configuration's shards
     * @param warnings hears a line whenever a round is taken again
     */
    public BarrierRounds(
            JavaSparkContext spark,
            RunConfig config,
            Path datasets,
            Splits data,
            int workers,
            Consumer<String> warnings) {
        this(spark, WorkerSetup.of(config, datasets, data), workers, Mesh.Patience.of(config), warnings);
    }

    /**
     * The data as a driver has them: where workers hold their own rows, it does not hold all.
     *
     * @param folder for those that it does not hold
     */
    public static Splits data(RunConfig config, ExampleSource source, Path folder, ProgressListener progress) {
        return config.training().shuffle() == TrainingConfig.Shuffle.SHARDS && source instanceof PartialSource parts
                ? parts.stream(folder, progress)
                : source.load(progress);
    }

    BarrierRounds(
            JavaSparkContext spark, WorkerSetup setup, int workers, Mesh.Patience patience, Consumer<String> warnings) {
        this.spark = spark;
        this.setup = setup;
        this.patience = patience;
        this.warnings = warnings;
        this.slots = spark.parallelize(IntStream.range(0, workers).boxed().toList(), workers);
    }

    /**
     * What a worker sends back.
     *
     * @param executor where it ran, as Spark calls it
     * @param port by which others call that process
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Answer(int rank, String executor, String port, byte[] content) implements Serializable {
        private static final long serialVersionUID = 1;
    }

    @Override
    public List<byte[]> carry(byte[] round) {
        // So that workers which wait for a lost one are woken, and leave their places to the next attempt.
        spark.setJobGroup(GROUP, "a round of steps", true);
        LostExecutors losses = new LostExecutors(spark, GROUP, slots.getNumPartitions());
        spark.sc().addSparkListener(losses);
        try {
            return carry(round, losses);
        } finally {
            spark.sc().removeSparkListener(losses);
        }
    }

    private List<byte[]> carry(byte[] round, LostExecutors losses) {
        for (int attempt = 1; ; attempt++) {
            Broadcast<byte[]> sent = spark.broadcast(round);
            try {
                return answers(sent);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RunException("the training was interrupted while the cluster was at work", e);
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                requireCluster(e);
                losses.tooMany().ifPresent(line -> {
                    throw new RunException(line, e);
                });
                Optional<String> ours = SparkFailure.line(e);
                if (ours.isPresent()) {
                    throw new RunException(ours.get(), e);
                }
                String reason = SparkFailure.firstLine(e);
                if (attempt == MOST_ATTEMPTS) {
                    throw new RunException("a round of steps failed " + attempt + " times, at last by: " + reason, e);
                }
                warnings.accept("a round of steps failed, and is taken again: " + reason);
                ports.clear();
            } finally {
                sent.destroy();
            }
        }
    }

    /** @throws RunException if no other attempt can end better */
    private void requireCluster(Exception failure) {
        if (spark.sc().isStopped()) {
            throw new RunException("the cluster was stopped", failure);
        } else if (SparkFailure.says(failure, TOO_FEW_SLOTS)) {
            throw new RunException(
                    slots.getNumPartitions() + " workers need as many places for tasks at the same time, and the"
                            + " cluster has not got them: give it more cores, or fewer --workers (dynamic allocation must be off)",
                    failure);
        }
    }

    private List<byte[]> answers(Broadcast<byte[]> sent) throws Exception {
        List<Answer> answers = new ArrayList<>(
                Barrier.map(slots, task(sent, setup, UUID.randomUUID(), seats, Map.copyOf(ports), patience))
                        .collect());
        answers.sort(Comparator.comparingInt(Answer::rank));
        seats = answers.stream().map(Answer::executor).toList();
        answers.forEach(answer -> ports.put(answer.executor(), answer.port()));
        return answers.stream().map(Answer::content).toList();
    }

    /** What a worker does; it holds nothing of this object, which is the driver's. */
    private static FlatMapFunction<Iterator<Integer>, Answer> task(
            Broadcast<byte[]> sent,
            WorkerSetup setup,
            UUID secret,
            List<String> seats,
            Map<String, String> ports,
            Mesh.Patience patience) {
        return slot -> WorkerMemory.within(() -> {
            Seat seat = Seat.taken(seats);
            int workers = seat.executors().size();
            ShardWorker worker = ResidentWorkers.take(setup, seat.rank(), workers);
            try {
                Optional<String> refusal = worker.refusal(sent.value(), seat.rank(), workers);
                if (refusal.isPresent()) {
                    throw new RunException(refusal.get());
                }
                byte[] content;
                try (Mesh mesh = seat.mesh(secret, ports, patience)) {
                    content = worker.run(sent.value(), seat.rank(), workers, mesh);
                }
                return Collections.singletonList(new Answer(
                                seat.rank(), seat.executor(), seat.port().address(), content))
                        .iterator();
            } finally {
                ResidentWorkers.giveBack(setup, worker);
            }
        });
    }
}
