package org.likelihood4j.training.loop;

import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.likelihood4j.config.TrainingConfig;
import org.likelihood4j.data.DataException;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.Splits;
import org.likelihood4j.engine.DeviceException;
import org.likelihood4j.inference.TrainedModel;
import org.likelihood4j.inference.pictures.EpochPictures;
import org.likelihood4j.inference.runtime.DivergenceException;
import org.likelihood4j.io.RunException;
import org.likelihood4j.models.LatentVariableModel;
import org.likelihood4j.models.Model;
import org.likelihood4j.runs.EndReason;
import org.likelihood4j.runs.RunState;
import org.likelihood4j.runs.StartLoss;
import org.likelihood4j.training.diagnostics.KlDiagnostics;
import org.likelihood4j.training.diagnostics.RunningMetrics;
import org.likelihood4j.training.diagnostics.Validation;
import org.likelihood4j.training.events.TrainingListener;

/** Epoch after epoch: the steps, then validation, reports, pictures and the checkpoint. */
final class TrainingLoop {
    private final TrainingJob job;
    private final TrainingConfig training;
    private final Model model;
    private final TrainingParts parts;
    private final LiveState live;
    private final BooleanSupplier stop;
    /** Whether it was said that the device has no room for pictures. */
    private boolean warned;

    /**
     * A loop at the place where the live state is.
     *
     * @param stop whether to end after the current step
     */
    TrainingLoop(TrainingJob job, Model model, TrainingParts parts, BooleanSupplier stop) {
        this.job = job;
        this.training = job.config().training();
        this.model = model;
        this.parts = parts;
        this.live = parts.live();
        this.stop = stop;
    }

    /** To the end; what has not been saved then is. */
    EndReason run() {
        EndReason reason = null;
        while (reason == null) {
            try {
                reason = epochs();
            } catch (DivergenceException e) {
                parts.rollbacks().after(e);
            }
        }
        parts.keeper().requireSaved();
        EndReason why = reason;
        job.listeners().tell(listener -> listener.ended(why, live.state()));
        return reason;
    }

    private EndReason epochs() {
        Optional<EndReason> reason = live.state().ended(training);
        while (reason.isEmpty()) {
            if (!epoch(Math.toIntExact(live.state().epoch() + 1))) {
                return EndReason.INTERRUPTED;
            }
            reason = live.state().ended(training);
        }
        return reason.get();
    }

    /** What is left of an epoch; false if it was asked to stop within. */
    private boolean epoch(int epoch) {
        long started = System.nanoTime();
        if (!steps(epoch)) {
            return false;
        }
        live.moveTo(live.state().atStep(epoch, live.state().step()));
        job.listeners().tell(listener -> listener.stepsTaken(epoch));
        RunningMetrics since = live.sinceEpoch();
        boolean last = epoch == training.epochs();
        boolean validate = last || epoch % training.validateEvery() == 0;
        Validation.Result validated = validate ? parts.validation().run(epoch) : Validation.Result.NOTHING;
        requireFinite(validated.means(), epoch);
        judge(epoch);
        validated.kl().ifPresent(live.allEpochs()::add);
        boolean best = watch(since.means(), validated.means());
        boolean ends = live.state().ended(training).isPresent();
        KlDiagnostics kl = parts.klReports()
                .run(
                        epoch,
                        ends,
                        validated,
                        validated.kl().isPresent() ? live.allEpochs().result() : null,
                        since.agreement());
        double seconds = (System.nanoTime() - started) / 1e9;
        TrainingListener.Epoch report = new TrainingListener.Epoch(
                epoch, live.state().step(), since.means(), validated.means(), kl, best, seconds);
        job.listeners().tell(listener -> listener.epochEnded(report));
        Optional<DeviceException> failed = Optional.empty();
        if (parts.pictures() && (ends || epoch % training.imagesEvery() == 0)) {
            failed = pictures(epoch);
        }
        // Last, so that a training that goes on from here has nothing of this epoch left to do. If the device is lost,
        // this ends it.
        parts.keeper().afterEpoch(best, ends || failed.isPresent());
        failed.ifPresent(this::warnOnce);
        return true;
    }

    private void warnOnce(DeviceException failure) {
        if (!warned) {
            job.listeners().warn("no pictures: " + failure.getMessage() + "; the training goes on");
            warned = true;
        }
    }

    private boolean steps(int epoch) {
        if (!live.withinEpoch()) {
            live.sinceEpoch().clear();
        }
        long end = (long) epoch * job.stepsPerEpoch();
        try (Rounds.Stretch stretch = parts.steps().stretch(live.state().step(), end)) {
            while (live.state().step() < end) {
                try {
                    parts.steps()
                            .take(
                                    epoch,
                                    stretch,
                                    parts.keeper().nextByStep(live.state().step(), end));
                } catch (RunException e) {
                    // What ends this process may have ended workers elsewhere before; all is as it was before their
                    // round.
                    if (!stop.getAsBoolean()) {
                        throw e;
                    }
                }
                if (stop.getAsBoolean()) {
                    return false;
                }
                if (live.state().step() < end) {
                    parts.keeper().afterBlock();
                }
            }
        }
        return true;
    }

    private static void requireFinite(Map<String, Double> validated, int epoch) {
        validated.forEach((name, value) -> {
            if (!Double.isFinite(value)) {
                throw TrainingJob.diverged(
                        "training diverged: validation " + name + " after epoch " + epoch + " is not finite");
            }
        });
    }

    /**
     * Holds the training against its start: a training that may go back does so, another is told of once.
     *
     * @throws DivergenceException if it is worse, and a recovery is configured
     */
    private void judge(int epoch) {
        RunState state = live.state();
        if (state.start() == null) {
            return;
        }
        StartLoss now = parts.validation()
                .watched()
                .orElseThrow(() -> TrainingJob.diverged(
                        "training diverged: the loss of training data after epoch " + epoch + " is not finite"));
        String worse = state.start().worse(now, parts.plan().klWeight(state.step() - 1), klFloor());
        if (worse != null && training.recovery() != null) {
            throw TrainingJob.diverged("training diverged: after epoch " + epoch + " " + worse);
        }
        if (worse != null && !state.worse()) {
            job.listeners()
                    .warn("after epoch " + epoch + " " + worse + "; " + TrainingJob.ADVICE
                            + ", or warm up with training.warmupSteps");
        }
        live.moveTo(state.judged(worse != null));
    }

    /** Nats below which the KL costs no less. */
    private double klFloor() {
        return model instanceof LatentVariableModel latent
                ? job.config().loss().kl().freeBits() * latent.latentShape().size()
                : 0;
    }

    /** Watches the validation's value, or the training's where there is no validation set. */
    private boolean watch(Map<String, Double> trained, Map<String, Double> validated) {
        if (validated.isEmpty() && job.data().validation().size() > 0) {
            return false;
        }
        TrainingConfig.EarlyStopping stopping = training.earlyStopping();
        String name = stopping == null ? "loss" : stopping.metric();
        double value = (validated.isEmpty() ? trained : validated).get(name);
        boolean higherIsBetter =
                model.metrics().stream().anyMatch(metric -> metric.name().equals(name) && metric.higherIsBetter());
        RunState state = live.state().watched(value, higherIsBetter, stopping == null ? 0 : stopping.minDelta());
        live.moveTo(state);
        return state.bestIsLast();
    }

    /**
     * Pictures can be drawn again from a checkpoint: not being able to draw or write them ends nothing.
     *
     * @return what the device failed by
     */
    private Optional<DeviceException> pictures(long epoch) {
        Splits data = job.data();
        Examples images = data.validation().size() > 0 ? data.validation() : data.test();
        try {
            EpochPictures.write(
                    job.run(),
                    epoch,
                    new TrainedModel(job.config(), data.train().shape(), live.evaluated()),
                    images);
        } catch (DivergenceException e) {
            throw e;
        } catch (RunException | DataException e) {
            job.listeners().warn(e.getMessage() + "; the training goes on");
            return Optional.empty();
        } catch (DeviceException e) {
            return Optional.of(e);
        }
        job.listeners().tell(listener -> listener.imagesWritten(epoch));
        return Optional.empty();
    }
}
