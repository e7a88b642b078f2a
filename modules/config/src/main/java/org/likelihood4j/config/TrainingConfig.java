package org.likelihood4j.config;

import java.util.Locale;
import org.likelihood4j.config.rules.Check;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.rules.Range;

/**
 * How a model is trained. "Every so many epochs" counts from the first epoch, which is 1.
 *
 * @param epochs passes over the training images; at least 1, default 10
 * @param batchSize images in a step, an incomplete last batch is dropped; at least 1, or {@code null} for 100, or all the training data where those are fewer
 * @param shards micro-batches of a batch, whose gradients are summed in a fixed tree: so that several machines can take a step with the bits of
 *     one; a power of two that divides {@code batchSize}, or {@code null} for the batch as a whole
 * @param shuffle what is shuffled in each epoch; default all
 * @param local after some epochs each of the shards trains parameters of its own for a few steps, before all are averaged (metrics in between
 *     are those of all replicas, each as it was then), or {@code null} for every step together
 * @param optimizer the rule that turns a gradient into a step; default adam
 * @param schedule how the learning rate changes; default constant
 * @param warmupSteps steps over which the learning rate rises linearly; at least 0, default 0 for none
 * @param clipNorm the greatest global L2 norm of a gradient; positive, or {@code null} for no clipping
 * @param emaDecay the decay d of the averaged weights, {@code ema = d * ema + (1 - d) * weights} after every step, which
 *     validation, pictures, samples and evaluation then use; above 0 and below 1, or {@code null} for no average
 * @param earlyStopping when to stop, on the validation set, before the last epoch, or {@code null} for never
 * @param logEvery steps between two lines of metrics; at least 1, default 50
 * @param validateEvery epochs between two validations; at least 1, default 1
 * @param imagesEvery epochs between two sets of sample images; at least 1, default 1
 * @param imagesTemperature scales the normal noise of the pictures' samples: 1 for the model itself, below 1 for more typical ones; above 0 and at most 2, default 1
 * @param checkpointEvery how much lies between two checkpoints; at least 1, default 1. The start, the last epoch, and every epoch that is
 *     the best so far, is saved too
 * @param checkpointUnit what {@code checkpointEvery} counts; default epochs
 * @param checkpointKeep how many of the newest checkpoints are kept, beside the best one; at least 1, default 2, so that a
 *     damaged one has one before it
 * @param recovery after a divergence: back to the newest checkpoint and on with smaller steps, or {@code null} to end there
 * @param startFrom the folder of another run, of the same model, whose best weights (the averaged ones, where it has them) this training
 *     starts from, with an optimiser that has not taken a step; or {@code null} for a new model
 * @param only the part of the model that is trained, all else stays what {@code startFrom} has; or {@code null} for all of it
 */
public record TrainingConfig(
        Integer epochs,
        Integer batchSize,
        Integer shards,
        Shuffle shuffle,
        Local local,
        OptimizerConfig optimizer,
        Schedule schedule,
        Integer warmupSteps,
        Double clipNorm,
        Double emaDecay,
        EarlyStopping earlyStopping,
        Integer logEvery,
        Integer validateEvery,
        Integer imagesEvery,
        Double imagesTemperature,
        Integer checkpointEvery,
        CheckpointUnit checkpointUnit,
        Integer checkpointKeep,
        Recovery recovery,
        String startFrom,
        TrainedPart only) {

    private static final int BATCH = 100;

    /** Fills in the defaults and checks them. */
    public TrainingConfig {
        epochs = Check.atLeast(1, "epochs", epochs, 10);
        batchSize = Check.optionalAtLeast(1, "batchSize", batchSize);
        shards = Check.optionalAtLeast(1, "shards", shards);
        requireDivides(shards, batchSize);
        shuffle = Check.or(shuffle, Shuffle.ALL);
        if (shuffle == Shuffle.SHARDS && shards == null) {
            throw new ConfigException(
                    "shuffle", "shards needs training.shards, whose rows are shuffled each by themselves");
        }
        requireReplicas(local, shards, epochs);
        optimizer = Check.or(optimizer, new OptimizerConfig.Adam(null, null, null, null, null));
        schedule = Check.or(schedule, new Schedule.Constant());
        warmupSteps = Check.atLeast(0, "warmupSteps", warmupSteps, 0);
        clipNorm = Check.optional(Range.POSITIVE, "clipNorm", clipNorm);
        emaDecay = Check.optional(Range.above(0).below(1), "emaDecay", emaDecay);
        logEvery = Check.atLeast(1, "logEvery", logEvery, 50);
        validateEvery = Check.atLeast(1, "validateEvery", validateEvery, 1);
        imagesEvery = Check.atLeast(1, "imagesEvery", imagesEvery, 1);
        imagesTemperature =
                Check.or(Check.optional(Range.above(0).atMost(2), "imagesTemperature", imagesTemperature), 1.0);
        checkpointEvery = Check.atLeast(1, "checkpointEvery", checkpointEvery, 1);
        checkpointUnit = Check.or(checkpointUnit, CheckpointUnit.EPOCHS);
        checkpointKeep = Check.atLeast(1, "checkpointKeep", checkpointKeep, 2);
        Check.optionalPath("startFrom", startFrom);
        if (only != null && startFrom == null) {
            throw new ConfigException("only", "needs training.startFrom, the run that has the rest of the model");
        }
    }

    private static void requireDivides(Integer shards, Integer batchSize) {
        if (shards != null) {
            String rule = "must be a power of two that divides training.batchSize";
            Check.require(batchSize != null, "shards", rule + ", which must be given", shards);
            boolean divides = Integer.bitCount(shards) == 1 && batchSize % shards == 0;
            Check.require(divides, "shards", rule + " " + batchSize, shards);
        }
    }

    private static void requireReplicas(Local local, Integer shards, int epochs) {
        if (local != null) {
            if (shards == null) {
                throw new ConfigException("local", "needs training.shards, whose replicas take the steps");
            }
            Check.require(
                    local.after() < epochs,
                    "local.after",
                    "must be below training.epochs " + epochs + ", or no step is taken alone",
                    local.after());
        }
    }

    /** Images in a step: of a batch size that is not set, for data that have so many. */
    public int batch() {
        return batchSize == null ? BATCH : batchSize;
    }

    /** Images in one of a step's micro-batches: all of them without {@code shards}. */
    public int microBatch() {
        return shards == null ? batch() : batch() / shards;
    }

    /** With the batch size set: the one that is, or else what fits so many training examples. */
    TrainingConfig fitted(int examples) {
        int size = batchSize == null ? Math.max(1, Math.min(BATCH, examples)) : batchSize;
        return new TrainingConfig(
                epochs,
                size,
                shards,
                shuffle,
                local,
                optimizer,
                schedule,
                warmupSteps,
                clipNorm,
                emaDecay,
                earlyStopping,
                logEvery,
                validateEvery,
                imagesEvery,
                imagesTemperature,
                checkpointEvery,
                checkpointUnit,
                checkpointKeep,
                recovery,
                startFrom,
                only);
    }

    /** Every value at its default. */
    public static TrainingConfig defaults() {
        return new TrainingConfig(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
                null, null, null, null);
    }

    /**
     * The learning rate of a step: {@code optimizer.learningRate * schedule.factor * warmup}, where {@code warmup} is
     * {@code min(1, (step + 1) / warmupSteps)}, so that the first step already moves and step
     * {@code warmupSteps - 1} is the first at the full rate; 1 without warm-up.
     *
     * @param step the number of steps already done, counted over the whole run
     * @param stepsPerEpoch steps in an epoch, at least 1
     * @param totalSteps steps in the whole run, at least 1
     * @throws IllegalArgumentException if an argument is out of range
     */
    public double learningRate(long step, long stepsPerEpoch, long totalSteps) {
        double factor = schedule.factor(step, stepsPerEpoch, totalSteps);
        double warmup = warmupSteps == 0 ? 1 : Math.min(1, (step + 1.0) / warmupSteps);
        return optimizer.learningRate() * factor * warmup;
    }

    /** What is shuffled in each epoch. */
    public enum Shuffle {
        /** All training examples. */
        ALL,
        /**
         * Each shard's own examples, of which a batch has as many of each shard: shard s of S has those from N s/S to N (s + 1)/S, in the order
         * in which the N training examples stand in what they are read from, for good. A worker then needs no others.
         */
        SHARDS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Each of the shards is a replica with parameters, moments and average of its own; it takes some steps alone, on its rows of each batch, and then
     * they are averaged over all replicas, as they are at an epoch's end.
     *
     * @param steps between two averages, counted from where an epoch begins; at least 1, default 10
     * @param after epochs before, all of whose steps are taken together; at least 0 and below {@code epochs}, default 0
     */
    public record Local(Integer steps, Integer after) {
        /** Fills in the defaults and checks them. */
        public Local {
            steps = Check.atLeast(1, "steps", steps, 10);
            after = Check.atLeast(0, "after", after, 0);
        }
    }

    /**
     * Stops when a validation metric has stopped improving: falling, or rising where more is better, as of an ELBO.
     *
     * @param metric the name of the validation metric; default loss
     * @param patience how many validations in a row may fail to improve; at least 1, default 5
     * @param minDelta by how much a value must be better than the best one to count, in the metric's unit; default 0
     */
    public record EarlyStopping(String metric, Integer patience, Double minDelta) {
        /** Fills in the defaults and checks them. */
        public EarlyStopping {
            metric = Check.text(Check.NOT_BLANK, "must not be blank", "metric", metric, "loss");
            patience = Check.atLeast(1, "patience", patience, 5);
            minDelta = Check.nonNegative("minDelta", minDelta, 0);
        }
    }

    /** A part of a model that can be trained alone. */
    public enum TrainedPart {
        /** The learned prior of a VAE, which becomes the density of the latents that the encoder gives. */
        PRIOR;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What {@code checkpointEvery} counts. */
    public enum CheckpointUnit {
        /** From the first epoch, which is 1. */
        EPOCHS,
        /** Optimiser steps, counted over the whole run. */
        STEPS,
        /** Since the checkpoint before; looked at after every step. */
        MINUTES;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * After a loss, metric or gradient that is not finite, a gradient above a bound, or an epoch that leaves training data worse
     * than the untrained model: back to the newest checkpoint, and on from there with smaller steps.
     *
     * @param attempts how often that may happen in the whole run; at least 1, default 3
     * @param factor what every later learning rate is multiplied by, each time again; above 0 and below 1, default 0.5
     * @param maxGradientNorm a global 2-norm of the gradient, before clipping, that counts as diverged when exceeded; positive,
     *     or {@code null} for no bound
     */
    public record Recovery(Integer attempts, Double factor, Double maxGradientNorm) {
        /** Fills in the defaults and checks them. */
        public Recovery {
            attempts = Check.atLeast(1, "attempts", attempts, 3);
            factor = Check.within(Range.above(0).below(1), "factor", factor, 0.5);
            maxGradientNorm = Check.optional(Range.POSITIVE, "maxGradientNorm", maxGradientNorm);
        }
    }
}
