package org.likelihood4j.cli.session;

import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.likelihood4j.cli.progress.ProgressView;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.TrainingConfig;
import org.likelihood4j.runs.EndReason;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.RunState;
import org.likelihood4j.training.diagnostics.GradientReport;
import org.likelihood4j.training.diagnostics.KlAgreement;
import org.likelihood4j.training.diagnostics.KlDiagnostics;
import org.likelihood4j.training.diagnostics.LatentReport;
import org.likelihood4j.training.events.TrainingListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a person sees of a training: a bar with rate, loss and time left, and a line for each epoch. */
public final class TrainingProgress implements TrainingListener {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingProgress.class);

    /** How fast the shown loss follows: about the last twenty steps. */
    private static final double SMOOTHING = 0.05;

    private final Console console;
    private final ProgressView view;
    private final RunConfig config;
    private OptionalDouble bitsPerDimension = OptionalDouble.empty();
    private double loss = Double.NaN;
    private long step;

    public TrainingProgress(Console console, ProgressView view, RunConfig config) {
        this.console = console;
        this.view = view;
        this.config = config;
    }

    @Override
    public void started(Start start) {
        bitsPerDimension = start.bitsPerDimension();
        console.line(String.format(
                Locale.ROOT,
                "%s: %,d parameters, %d %s of %,d steps",
                start.run().path(),
                start.parameters(),
                config.training().epochs(),
                config.training().epochs() == 1 ? "epoch" : "epochs",
                start.stepsPerEpoch()));
        TrainingConfig.Local local = config.training().local();
        if (local != null) {
            console.line(String.format(
                    Locale.ROOT,
                    "local steps: %s%d replicas take %d steps of %d rows each alone and are averaged; losses within are the means of their own",
                    local.after() == 0 ? "" : "after " + local.after() + " epochs ",
                    config.training().shards(),
                    local.steps(),
                    config.training().microBatch()));
        }
        if (start.resumed()) {
            console.line(String.format(
                    Locale.ROOT,
                    "resuming after step %,d of %,d, in epoch %d",
                    start.from().step(),
                    start.totalSteps(),
                    start.from().epoch() + 1));
        }
        view.start("steps", start.from().step(), start.totalSteps());
    }

    @Override
    public void stepped(Step taken) {
        loss = Double.isNaN(loss) ? taken.loss() : loss + SMOOTHING * (taken.loss() - loss);
        step = taken.step();
        view.update(step, String.format(Locale.ROOT, "%s, loss %.2f", place(taken.epoch()), loss));
    }

    @Override
    public void stepsTaken(long epoch) {
        view.update(step, place(epoch) + ", validating");
    }

    private String place(long epoch) {
        return "epoch " + epoch + "/" + config.training().epochs();
    }

    @Override
    public void epochEnded(Epoch epoch) {
        StringBuilder line = new StringBuilder(place(epoch.epoch()));
        line.append("  training")
                .append(describe(epoch.training(), epoch.validation().isEmpty()));
        if (!epoch.validation().isEmpty()) {
            line.append("  validation").append(describe(epoch.validation(), true));
        }
        line.append(String.format(Locale.ROOT, "  %.1f s%s", epoch.seconds(), epoch.best() ? "  best so far" : ""));
        console.line(line.toString());
        if (epoch.kl() != null) {
            diagnostics(epoch.kl());
        }
    }

    @Override
    public void rolledBack(RunState state, RunState.Rollback rollback) {
        warned(String.format(
                Locale.ROOT,
                "%s; back to step %,d, learning rates times %s from there",
                rollback.problem(),
                rollback.toStep(),
                rollback.learningRateFactor()));
    }

    @Override
    public void warned(String warning) {
        // For log.txt only: the console shows what is above this level.
        LOG.debug("warning: {}", warning);
        console.warning(warning);
    }

    @Override
    public void alreadyEnded(RunDirectory run, EndReason reason, RunState state) {
        console.line(run.path() + ": nothing to resume, it ended after epoch " + state.epoch()
                + "; to go on: ./run.sh resume " + run.path()
                + (state.epoch() >= config.training().epochs()
                        ? " --set training.epochs=" + 2 * state.epoch()
                        : " --set training.earlyStopping.patience="
                                + 2 * state.best().validationsSince()));
    }

    /** One line on the KLs, and one for each warning. */
    private void diagnostics(KlDiagnostics kl) {
        StringBuilder line = new StringBuilder("  ");
        KlAgreement agreement = kl.agreement();
        if (agreement != null) {
            line.append(String.format(
                    Locale.ROOT,
                    "  KL sampled - analytic %+.3f +- %.3f nats (z %+.1f, %s",
                    agreement.difference(),
                    agreement.standardError(),
                    agreement.z(),
                    alarm(agreement)));
            KlAgreement pooled = kl.pooled();
            if (pooled != null && pooled.examples() > agreement.examples()) {
                line.append(String.format(Locale.ROOT, "; all epochs z %+.1f, %s", pooled.z(), alarm(pooled)));
            }
            line.append(')');
        }
        LatentReport latents = kl.latents();
        if (latents != null) {
            line.append(
                    String.format(Locale.ROOT, "  active latents %d of %d", latents.activeUnits(), latents.latent()));
        }
        GradientReport gradients = kl.gradients();
        if (gradients != null) {
            line.append("  gradient variance (mu)");
            gradients
                    .loss()
                    .forEach((estimator, gradient) -> line.append(String.format(
                            Locale.ROOT,
                            " %s %.3g",
                            GradientReport.name(estimator),
                            gradient.mu().variance())));
        }
        if (!line.toString().isBlank()) {
            console.line(line.toString());
        }
        kl.warnings().forEach(this::warned);
    }

    /** Where the alarm is, if there are enough examples for one. */
    private static String alarm(KlAgreement agreement) {
        return agreement.isJudged()
                ? String.format(Locale.ROOT, "alarm at %.2g", agreement.detectableBias())
                : String.format(
                        Locale.ROOT, "too few for an alarm: %d of %d", agreement.examples(), KlAgreement.FEWEST);
    }

    /** The loss in nats; for a flow in bits/dim too, for a VAE with what it is made of. */
    private String describe(Map<String, Double> means, boolean parts) {
        double nats = means.get("loss");
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, " loss %.2f", nats));
        if (bitsPerDimension.isPresent()) {
            text.append(String.format(Locale.ROOT, " (%.3f bits/dim)", nats * bitsPerDimension.getAsDouble()));
        } else if (!parts && means.containsKey("weighted_loss")) {
            text.append(String.format(Locale.ROOT, " (weighted %.2f)", means.get("weighted_loss")));
        } else if (parts) {
            // After the loss comes the objective, which is the loss once more.
            means.entrySet().stream()
                    .skip(2)
                    .forEach(mean ->
                            text.append(String.format(Locale.ROOT, " %s %.2f", mean.getKey(), mean.getValue())));
        }
        return text.toString();
    }
}
