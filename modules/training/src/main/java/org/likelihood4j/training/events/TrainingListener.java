package org.likelihood4j.training.events;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.likelihood4j.engine.FlatVector;
import org.likelihood4j.runs.EndReason;
import org.likelihood4j.runs.Provenance;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.RunState;
import org.likelihood4j.runs.metrics.MetricsEvent.Ability;
import org.likelihood4j.training.diagnostics.BlockReport;
import org.likelihood4j.training.diagnostics.KlAgreement;
import org.likelihood4j.training.diagnostics.KlDiagnostics;

/** Follows a training. Called on the training thread; what it throws ends the training. */
public interface TrainingListener {
    /**
     * What is about to run.
     *
     * @param stepsPerEpoch optimiser steps in an epoch
     * @param totalSteps in the whole training
     * @param parameters number of trained values
     * @param weights the trained values, live: at each later call what they are then, or after the last of several steps that are
     *     taken together; to be read, not written
     * @param from where it begins
     * @param resumed whether an earlier process has begun this training
     * @param dimensions D of bits/dim, for models that have it
     * @param abilities what can be said of the model
     */
    record Start(
            RunDirectory run,
            long stepsPerEpoch,
            long totalSteps,
            long parameters,
            FlatVector weights,
            RunState from,
            boolean resumed,
            OptionalLong dimensions,
            Set<Ability> abilities,
            Provenance provenance) {
        /** {@code loss * bitsPerDimension()} is bits/dim of the stored pixels: {@code 1/(D ln 2)}. */
        public OptionalDouble bitsPerDimension() {
            return dimensions.isPresent()
                    ? OptionalDouble.of(1 / (dimensions.getAsLong() * Math.log(2)))
                    : OptionalDouble.empty();
        }
    }

    /**
     * One optimiser step.
     *
     * @param step 1 for the first
     * @param epoch 1 for the first
     * @param loss what was minimised on this batch, nats
     * @param gradientNorm global 2-norm before clipping
     * @param learningRate used for this step
     * @param klWeight beta of this step; 1 where the loss has none
     * @param kl the two KLs of this batch at the same z; {@code null} where there is only one
     */
    record Step(
            long step,
            long epoch,
            double loss,
            double gradientNorm,
            double learningRate,
            double klWeight,
            KlAgreement kl) {}

    /**
     * Means since the last such report, each weighting every example equally.
     *
     * @param metrics {@code loss} and the model's metrics by name; {@code weighted_loss} where that is what was minimised
     * @param kl the two KLs of all these examples; {@code null} where there is only one
     * @param blocks the model's parts at the last of these steps
     */
    record Report(Step last, Map<String, Double> metrics, KlAgreement kl, List<BlockReport> blocks) {}

    /**
     * A step with a number that is not finite.
     *
     * @param step 1 for the first
     * @param quantity a metric's name, {@code loss} or {@code gradient_norm}: the first one, in this order, that is not finite
     * @param blocks the model's parts: this step's gradient, and log-scales of its batch
     */
    record Divergence(long step, long epoch, String quantity, List<BlockReport> blocks) {}

    /**
     * The end of an epoch.
     *
     * @param training means over the epoch's batches, while the parameters moved
     * @param validation means over the validation images, empty if it was not this epoch's turn; with the same noise after every
     *     epoch, but for {@code kl_sampled} where there is an analytic KL to compare it with, which is that of {@code kl}
     * @param kl on the validation images; {@code null} for a flow, or if there was no validation
     * @param best whether this is the best epoch so far
     * @param seconds since the epoch started, validation included
     */
    record Epoch(
            long epoch,
            long step,
            Map<String, Double> training,
            Map<String, Double> validation,
            KlDiagnostics kl,
            boolean best,
            double seconds) {}

    default void started(Start start) {}

    default void stepped(Step step) {}

    default void reported(Report report) {}

    /** All steps of an epoch are taken; validation and diagnostics follow, which may take a while. */
    default void stepsTaken(long epoch) {}

    default void epochEnded(Epoch epoch) {}

    /** Before {@link #ended}, if it is a step that ends the training so. */
    default void diverged(Divergence divergence) {}

    /** New pictures were written after this epoch. */
    default void imagesWritten(long epoch) {}

    /**
     * After a divergence the training has gone back to a checkpoint.
     *
     * @param state of that checkpoint
     */
    default void rolledBack(RunState state, RunState.Rollback rollback) {}

    /** Something went wrong that is not worth ending the training for; one line. */
    default void warned(String warning) {}

    /** Nothing is left to resume: an earlier process has brought the training to its end. */
    default void alreadyEnded(RunDirectory run, EndReason reason, RunState state) {}

    default void ended(EndReason reason, RunState state) {}
}
