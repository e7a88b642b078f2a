package org.likelihood4j.runs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.likelihood4j.config.TrainingConfig;
import org.likelihood4j.io.Printable;
import org.likelihood4j.runs.statistics.Moments;

/**
 * Where a training stands: {@code state.json} of a checkpoint. Data order, noise, learning rate and KL weight are pure functions
 * of the configuration and the step, so that they need no state of their own. No two components have the same type, so that none
 * can take another's place.
 *
 * @param start the loss before the first step; {@code null} if it was not finite, or in checkpoints before format version 3
 * @param worse whether the last epoch left the training worse than that
 * @param rollbacks every return to a checkpoint after a divergence, oldest first
 * @param running the means that were being taken; {@code null} in checkpoints of format version 1, which cannot be resumed
 * @param provenance versions, machine, data, seed
 */
public record RunState(
        int formatVersion,
        Progress progress,
        Best best,
        StartLoss start,
        boolean worse,
        List<Rollback> rollbacks,
        Running running,
        Map<String, Object> provenance) {
    public static final int FORMAT_VERSION = 4;

    /**
     * How far the training is.
     *
     * @param epoch epochs completed
     * @param step optimiser steps taken
     */
    public record Progress(long epoch, long step) {
        /** @throws IllegalArgumentException if no training can be there; the values may be a file's */
        public Progress {
            require(epoch >= 0, "epoch", epoch);
            require(step >= 0, "step", step);
        }
    }

    /**
     * The best so far of the metric that early stopping watches, else of the loss.
     *
     * @param epoch after which it was reached; 0 before the first
     * @param value of that metric; {@code null} before the first
     * @param validationsSince for early stopping
     */
    public record Best(long epoch, Double value, int validationsSince) {
        /** Before the first value. */
        static final Best NONE = new Best(0, null, 0);

        /** @throws IllegalArgumentException if there can be no such best; the values may be a file's */
        public Best {
            require(epoch >= 0, "epoch", epoch);
            require(validationsSince >= 0, "validationsSince", validationsSince);
        }

        private Best after(long now, double next, boolean higherIsBetter, double minDelta) {
            boolean better = value == null || (higherIsBetter ? next > value + minDelta : next < value - minDelta);
            return better ? new Best(now, next, 0) : new Best(epoch, value, validationsSince + 1);
        }
    }

    /**
     * A return to a checkpoint.
     *
     * @param step the last step before it diverged
     * @param toStep the checkpoint's
     * @param problem what was wrong
     * @param learningRateFactor what every learning rate is multiplied by since then
     */
    public record Rollback(long step, long toStep, String problem, double learningRateFactor) {
        /** @throws IllegalArgumentException if there can be no such return; the values may be a file's */
        public Rollback {
            require(step >= 0, "step", step);
            require(toStep >= 0, "toStep", toStep);
            require(learningRateFactor > 0 && learningRateFactor <= 1, "learningRateFactor", learningRateFactor);
            problem = Printable.line(problem);
        }
    }

    /**
     * Means over steps whose line is not written yet, see {@code RunningMetrics}.
     *
     * @param report since the last line of metrics
     * @param epoch since the epoch began
     * @param kl the two KLs since the training began, see {@code KlAgreement.Sum}
     */
    public record Running(List<Moments.Snapshot> report, List<Moments.Snapshot> epoch, List<Moments.Snapshot> kl) {
        /** Makes all unmodifiable. */
        public Running {
            report = List.copyOf(report);
            epoch = List.copyOf(epoch);
            kl = List.copyOf(kl);
        }
    }

    /** @throws IllegalArgumentException if no training can be there; the values may be a file's */
    public RunState {
        Objects.requireNonNull(progress, "progress");
        Objects.requireNonNull(best, "best");
        require(best.epoch() <= progress.epoch(), "best.epoch", best.epoch());
        rollbacks = List.copyOf(rollbacks);
        Objects.requireNonNull(provenance, "provenance");
    }

    private static void require(boolean holds, String key, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(key + " cannot be " + value);
        }
    }

    public static RunState initial(Provenance provenance) {
        return new RunState(
                FORMAT_VERSION, new Progress(0, 0), Best.NONE, null, false, List.of(), null, provenance.values());
    }

    /** Epochs completed. */
    public long epoch() {
        return progress.epoch();
    }

    /** Optimiser steps taken. */
    public long step() {
        return progress.step();
    }

    /** Whether the last completed epoch is the best one. */
    public boolean bestIsLast() {
        return best.epoch() == progress.epoch();
    }

    public RunState atStep(long epoch, long step) {
        Progress now = new Progress(epoch, step);
        return new RunState(formatVersion, now, best, start, worse, rollbacks, running, provenance);
    }

    /** After watching a value at the current epoch; it must be better than the best one by more than {@code minDelta}. */
    public RunState watched(double value, boolean higherIsBetter, double minDelta) {
        Best now = best.after(epoch(), value, higherIsBetter, minDelta);
        return new RunState(formatVersion, progress, now, start, worse, rollbacks, running, provenance);
    }

    /** With what was found before the first step. */
    public RunState startingAt(StartLoss untrained) {
        return new RunState(formatVersion, progress, best, untrained, worse, rollbacks, running, provenance);
    }

    /** With what the epoch has shown. */
    public RunState judged(boolean nowWorse) {
        return new RunState(formatVersion, progress, best, start, nowWorse, rollbacks, running, provenance);
    }

    /** As it is saved. */
    public RunState with(Running means) {
        return new RunState(formatVersion, progress, best, start, worse, rollbacks, means, provenance);
    }

    /** As another process goes on with it, which cannot know what the training started from. */
    public RunState with(Provenance own) {
        Map<String, Object> values = new LinkedHashMap<>(own.values());
        values.remove(Provenance.STARTED_FROM);
        if (provenance.containsKey(Provenance.STARTED_FROM)) {
            values.put(Provenance.STARTED_FROM, provenance.get(Provenance.STARTED_FROM));
        }
        return new RunState(formatVersion, progress, best, start, worse, rollbacks, running, values);
    }

    /** This state, of a checkpoint, after a return to it. */
    public RunState rolledBack(List<Rollback> before, Rollback rollback) {
        List<Rollback> all = new ArrayList<>(before);
        all.add(rollback);
        return new RunState(formatVersion, progress, best, start, worse, all, running, provenance);
    }

    /** Why there is nothing left to do, if there is not. */
    public Optional<EndReason> ended(TrainingConfig training) {
        TrainingConfig.EarlyStopping stopping = training.earlyStopping();
        boolean stopped = stopping != null && best.validationsSince() >= stopping.patience();
        if (epoch() < training.epochs() && !stopped) {
            return Optional.empty();
        } else if (worse) {
            return Optional.of(EndReason.WORSE_THAN_AT_START);
        }
        return Optional.of(epoch() >= training.epochs() ? EndReason.COMPLETED : EndReason.EARLY_STOPPED);
    }

    /** The names of the classes that the checkpoint keeps; empty if it keeps none. */
    public List<String> classes() {
        return provenance.get(Provenance.CLASSES) instanceof List<?> names
                ? names.stream().map(String::valueOf).map(Printable::line).toList()
                : List.of();
    }

    /** Whether it is of a model that was trained elsewhere: then there is no training to go on with. */
    public boolean wasImported() {
        return provenance.containsKey(Provenance.IMPORTED);
    }

    /** 1 unless a divergence lowered it. */
    public double learningRateFactor() {
        return rollbacks.isEmpty() ? 1 : rollbacks.get(rollbacks.size() - 1).learningRateFactor();
    }
}
