package org.likelihood4j.training;

import java.util.Map;

/**
 * Where a training stands: {@code state.json} of a checkpoint.
 *
 * @param epoch epochs completed
 * @param step optimiser steps taken
 * @param bestEpoch the epoch with the best value so far of the metric that early stopping watches (else of the loss), 0 before the first
 * @param bestValue that value, {@code null} before the first
 * @param validationsSinceBest for early stopping
 * @param provenance versions, machine, data, seed
 */
public record TrainingState(
        int formatVersion,
        long epoch,
        long step,
        long bestEpoch,
        Double bestValue,
        int validationsSinceBest,
        Map<String, Object> provenance) {
    static final int FORMAT_VERSION = 1;

    static TrainingState initial(Provenance provenance) {
        return new TrainingState(FORMAT_VERSION, 0, 0, 0, null, 0, provenance.values());
    }

    TrainingState atStep(long newEpoch, long newStep) {
        return new TrainingState(
                formatVersion, newEpoch, newStep, bestEpoch, bestValue, validationsSinceBest, provenance);
    }

    /** After watching a value at the current epoch; it must be better than the best one by more than {@code minDelta}. */
    TrainingState watched(double value, boolean higherIsBetter, double minDelta) {
        boolean better =
                bestValue == null || (higherIsBetter ? value > bestValue + minDelta : value < bestValue - minDelta);
        return better
                ? new TrainingState(formatVersion, epoch, step, epoch, value, 0, provenance)
                : new TrainingState(
                        formatVersion, epoch, step, bestEpoch, bestValue, validationsSinceBest + 1, provenance);
    }
}
