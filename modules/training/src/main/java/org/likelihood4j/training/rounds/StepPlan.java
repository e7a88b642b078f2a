package org.likelihood4j.training.rounds;

import java.util.Arrays;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.TrainingConfig;
import org.likelihood4j.data.Batch;
import org.likelihood4j.data.Batches;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.Shuffle;

/**
 * What a step takes that does not depend on the parameters: its rows, its learning rate, its KL weight. All are pure functions of the
 * configuration, the data and how many steps were taken before. From any thread.
 */
public final class StepPlan {
    private final RunConfig config;
    private final Examples train;
    private final int stepsPerEpoch;
    private final long totalSteps;
    /** Null where all examples are shuffled together. */
    private final ShardOrder shards;

    private int[] order;
    private long epochOfOrder;

    /** @param config of which the batch size is set */
    public StepPlan(RunConfig config, Examples train) {
        TrainingConfig training = config.training();
        this.config = config;
        this.train = train;
        this.stepsPerEpoch = Batches.perEpoch(train, training.batch());
        this.totalSteps = (long) stepsPerEpoch * training.epochs();
        this.shards = training.shuffle() == TrainingConfig.Shuffle.ALL
                ? null
                : new ShardOrder(train, training.shards(), training.microBatch(), config.seed());
    }

    public RunConfig config() {
        return config;
    }

    public int stepsPerEpoch() {
        return stepsPerEpoch;
    }

    public long totalSteps() {
        return totalSteps;
    }

    /** Of the step after {@code step} others: 1 where the loss has no such weight. */
    public double klWeight(long step) {
        return config.loss() == null ? 1 : config.loss().kl().weight(step, stepsPerEpoch, totalSteps);
    }

    /** Of the step after {@code step} others, without what returns to a checkpoint have made of it. */
    public double learningRate(long step) {
        return config.training().learningRate(step, stepsPerEpoch, totalSteps);
    }

    /** Where in its epoch the step after {@code step} others is, from 0. */
    public int index(long step) {
        return (int) (step % stepsPerEpoch);
    }

    /** Whether the shards' replicas take the step after {@code step} others alone. */
    boolean local(long step) {
        TrainingConfig.Local local = config.training().local();
        return local != null && step / stepsPerEpoch >= local.after();
    }

    /** How many steps come before the block of the step after {@code step} others: one step, or what replicas take alone. */
    public long blockStart(long step) {
        return local(step) ? step - index(step) % config.training().local().steps() : step;
    }

    /** How many steps there are when that block is done, and the replicas are one. */
    public long blockEnd(long step) {
        if (!local(step)) {
            return step + 1;
        }
        long epochEnd = step - index(step) + stepsPerEpoch;
        return Math.min(epochEnd, blockStart(step) + config.training().local().steps());
    }

    /** The most steps, at most {@code to}, after which a block is done; or what it takes for the first one, if that is more. */
    public long blocksEnd(long from, long to) {
        return Math.max(blockEnd(from), blockStart(to));
    }

    private long epoch(long step) {
        return step / stepsPerEpoch + 1;
    }

    /**
     * The order of the examples in the epoch of the step after {@code step} others, where they are shuffled together; not to be written.
     */
    public synchronized int[] order(long step) {
        long epoch = epoch(step);
        if (epoch != epochOfOrder) {
            order = Shuffle.permutation(train.size(), config.seed(), epoch);
            epochOfOrder = epoch;
        }
        return order;
    }

    /** Some rows of the batch of the step after {@code step} others, from a first one on: of shards that are held. */
    Batch rows(long step, int first, int count) {
        return Batches.of(train, examples(step, first, count), count);
    }

    private int[] examples(long step, int first, int count) {
        if (shards != null) {
            return shards.examples(epoch(step), index(step), first, count);
        }
        int from = index(step) * config.training().batch() + first;
        return Arrays.copyOfRange(order(step), from, from + count);
    }
}
