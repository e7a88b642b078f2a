package org.likelihood4j.training.loop;

import org.likelihood4j.training.diagnostics.KlSchedule;
import org.likelihood4j.training.diagnostics.Validation;

/**
 * What a {@link TrainingLoop} calls in turn; each works on the same live state.
 *
 * @param live all that the steps change
 * @param steps takes one
 * @param keeper saves it
 * @param rollbacks goes back after a divergence
 * @param validation on other data, after an epoch
 * @param klReports on the KL, when they are due
 */
record TrainingParts(
        LiveState live,
        StepTaker steps,
        CheckpointKeeper keeper,
        Rollbacks rollbacks,
        Validation validation,
        KlSchedule klReports) {}
