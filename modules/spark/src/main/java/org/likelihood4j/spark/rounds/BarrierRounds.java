package org.likelihood4j.spark.rounds;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.BarrierTaskInfo;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.likelihood4j.config.RunConfig;
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

    private final JavaSparkContext spark;
    private final WorkerSetup setup;
    private final Mesh.Patience patience;
    private final Consumer<String> warnings;
    private final JavaRDD<Integer> slots;
    /** The workers' ports, by their executors. */
    private Map<String, String> ports = Map.of();

    /**
     * Rounds of a training.
     *
     * @param config as the trainer has it
     * @param datasets the project's folder of published data
     * @param workers as many as a power of two, at most the configuration's shards
     * @param warnings hears a line whenever a round is taken again
     */
    public BarrierRounds(
            JavaSparkContext spark, RunConfig config, Path datasets, int workers, Consumer<String> warnings) {
        this(spark, WorkerSetup.of(config, datasets), workers, Mesh.Patience.USUAL, warnings);
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
        spark.setJobGroup("likelihood4j", "a round of steps", true);
        for (int attempt = 1; ; attempt++) {
            Broadcast<byte[]> sent = spark.broadcast(round);
            try {
                return answers(sent);
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                Optional<String> ours = SparkFailure.line(e);
                if (ours.isPresent()) {
                    throw new RunException(ours.get(), e);
                }
                String reason = SparkFailure.firstLine(e);
                if (attempt == MOST_ATTEMPTS) {
                    throw new RunException("a round of steps failed " + attempt + " times, at last by: " + reason, e);
                }
                warnings.accept("a round of steps failed, and is taken again: " + reason);
                ports = Map.of();
            } finally {
                sent.destroy();
            }
        }
    }

    private List<byte[]> answers(Broadcast<byte[]> sent) throws Exception {
        List<Answer> answers =
                new ArrayList<>(Barrier.map(slots, task(sent, setup, UUID.randomUUID(), Map.copyOf(ports), patience))
                        .collect());
        answers.sort(Comparator.comparingInt(Answer::rank));
        Map<String, String> found = new HashMap<>();
        answers.forEach(answer -> found.put(answer.executor(), answer.port()));
        ports = found;
        return answers.stream().map(Answer::content).toList();
    }

    /** What a worker does; it holds nothing of this object, which is the driver's. */
    private static FlatMapFunction<Iterator<Integer>, Answer> task(
            Broadcast<byte[]> sent, WorkerSetup setup, UUID secret, Map<String, String> ports, Mesh.Patience patience) {
        return slot -> {
            BarrierTaskContext context = BarrierTaskContext.get();
            int rank = context.partitionId();
            List<String> executors = Arrays.stream(context.getTaskInfos())
                    .map(BarrierTaskInfo::address)
                    .toList();
            String own = executors.get(rank);
            MeshPort port = MeshPort.shared(own.substring(0, own.lastIndexOf(':')));
            ShardWorker worker = ResidentWorkers.take(setup);
            try {
                Optional<String> refusal = worker.refusal(sent.value());
                if (refusal.isPresent()) {
                    throw new RunException(refusal.get());
                }
                List<String> addresses = executors.stream().allMatch(ports::containsKey)
                        ? executors.stream().map(ports::get).toList()
                        : List.of(context.allGather(port.address()));
                // Calls of an attempt that failed must not be taken for this one's.
                UUID round = new UUID(
                        secret.getMostSignificantBits(),
                        secret.getLeastSignificantBits() + context.stageAttemptNumber());
                byte[] content;
                try (Mesh mesh = new Mesh(port, round, rank, addresses, patience)) {
                    content = worker.run(sent.value(), rank, executors.size(), mesh);
                }
                return Collections.singletonList(new Answer(rank, own, port.address(), content))
                        .iterator();
            } finally {
                ResidentWorkers.giveBack(setup, worker);
            }
        };
    }
}
