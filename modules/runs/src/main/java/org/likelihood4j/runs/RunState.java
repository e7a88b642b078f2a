package org.likelihood4j.runs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.likelihood4j.config.TrainingConfig;
import org.likelihood4j.io.Printable;
import org.likelihood4j.runs.statistics.Moments;

/**
 * Where a training stands: {@code state.json} of a checkpoint. Data order, noise, learning rate and KL weight are pure functions
 * of the configuration and the step, so that they need no state of their own.
 *
 * @param epoch epochs completed
 * @param step optimiser steps taken
 * @param bestEpoch the epoch with the best value so far of the metric that early stopping watches (else of the loss), 0 before the first
 * @param bestValue that value, {@code null} before the first
 * @param validationsSinceBest for early stopping
 * @param start the loss before the first step; {@code null} if it was not finite, or in checkpoints before format version 3
 * @param worse whether the last epoch left the training worse than that
 * @param rollbacks every return to a checkpoint after a divergence, oldest first
 * @param running the means that were being taken; {@code null} in checkpoints of format version 1, which cannot be resumed
 * @param provenance versions, machine, data, seed
 */
public record RunState(
        int formatVersion,
        long epoch,
        long step,
        long bestEpoch,
        Double bestValue,
        int validationsSinceBest,
        StartLoss start,
        boolean worse,
        List<Rollback> rollbacks,
        Running running,
        Map<String, Object> provenance) {
    public static final int FORMAT_VERSION = 3;

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
        require(epoch >= 0, "epoch", epoch);
        require(step >= 0, "step", step);
        require(bestEpoch >= 0 && bestEpoch <= epoch, "bestEpoch", bestEpoch);
        require(validationsSinceBest >= 0, "validationsSinceBest", validationsSinceBest);
        rollbacks = List.copyOf(rollbacks);
        Objects.requireNonNull(provenance, "provenance");
    }

    private static void require(boolean holds, String key, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(key + " cannot be " + value);
        }
    }

    public static RunState initial(Provenance provenance) {
        return new RunState(FORMAT_VERSION, 0, 0, 0, null, 0, null, false, List.of(), null, provenance.values());
    }

    public RunState atStep(long newEpoch, long newStep) {
        return new RunState(
                formatVersion,
                newEpoch,
                newStep,
                bestEpoch,
                bestValue,
                validationsSinceBest,
                start,
                worse,
                rollbacks,
                running,
                provenance);
    }

    /** After watching a value at the current epoch; it must be better than the best one by more than {@code minDelta}. */
    public RunState watched(double value, boolean higherIsBetter, double minDelta) {
        boolean better =
                bestValue == null || (higherIsBetter ? value > bestValue + minDelta : value < bestValue - minDelta);
        return new RunState(
                formatVersion,
                epoch,
                step,
                better ? epoch : bestEpoch,
                better ? Double.valueOf(value) : bestValue,
                better ? 0 : validationsSinceBest + 1,
                start,
                worse,
                rollbacks,
                running,
                provenance);
    }

    /** With what was found before the first step. */
    public RunState startingAt(StartLoss untrained) {
        return new RunState(
                formatVersion,
                epoch,
                step,
                bestEpoch,
                bestValue,
                validationsSinceBest,
                untrained,
                worse,
                rollbacks,
                running,
                provenance);
    }

    /** With what the epoch has shown. */
    public RunState judged(boolean nowWorse) {
        return new RunState(
                formatVersion,
                epoch,
                step,
                bestEpoch,
                bestValue,
                validationsSinceBest,
                start,
                nowWorse,
                rollbacks,
                running,
                provenance);
    }

    /** As it is saved. */
    public RunState with(Running means) {
        return new RunState(
                formatVersion,
                epoch,
                step,
                bestEpoch,
                bestValue,
                validationsSinceBest,
                start,
                worse,
                rollbacks,
                means,
                provenance);
    }

    /** As another process goes on with it. */
    public RunState with(Provenance own) {
        return new RunState(
                formatVersion,
                epoch,
                step,
                bestEpoch,
                bestValue,
                validationsSinceBest,
                start,
                worse,
                rollbacks,
                running,
                own.values());
    }

    /** This state, of a checkpoint, after a return to it. */
    public RunState rolledBack(List<Rollback> before, Rollback rollback) {
        List<Rollback> all = new ArrayList<>(before);
        all.add(rollback);
        return new RunState(
                formatVersion,
                epoch,
                step,
                bestEpoch,
                bestValue,
                validationsSinceBest,
                start,
                worse,
                List.copyOf(all),
                running,
                provenance);
    }

    /** Why there is nothing left to do, if there is not. */
    public Optional<EndReason> ended(TrainingConfig training) {
        TrainingConfig.EarlyStopping stopping = training.earlyStopping();
        boolean stopped = stopping != null && validationsSinceBest >= stopping.patience();
        if (epoch < training.epochs() && !stopped) {
            return Optional.empty();
        } else if (worse) {
            return Optional.of(EndReason.WORSE_THAN_AT_START);
        }
        return Optional.of(epoch >= training.epochs() ? EndReason.COMPLETED : EndReason.EARLY_STOPPED);
    }

    /** 1 unless a divergence lowered it. */
    public double learningRateFactor() {
        return rollbacks.isEmpty() ? 1 : rollbacks.get(rollbacks.size() - 1).learningRateFactor();
    }
}
