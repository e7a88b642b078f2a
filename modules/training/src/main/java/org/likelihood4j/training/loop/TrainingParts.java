package org.likelihood4j.training.loop;

import org.likelihood4j.training.diagnostics.KlSchedule;
import org.likelihood4j.training.diagnostics.Validation;
import org.likelihood4j.training.rounds.StepPlan;

/**
 * What a {@link TrainingLoop} calls in turn; each works on the same live state.
 *
 * @param live all that the steps change
 * @param plan of the steps
 * @param steps takes them
 * @param keeper saves it
 * @param rollbacks goes back after a divergence
 * @param validation on other data, after an epoch
 * @param klReports on the KL, when they are due
 * @param pictures whether there are any
 */
record TrainingParts(
        LiveState live,
        StepPlan plan,
        StepTaker steps,
        CheckpointKeeper keeper,
        Rollbacks rollbacks,
        Validation validation,
        KlSchedule klReports,
        boolean pictures) {}
