package org.likelihood4j.cli;

import java.util.Locale;
import java.util.Map;
import org.likelihood4j.training.TrainingListener;
import org.likelihood4j.training.config.RunConfig;

/** What a person sees of a training: a bar with rate, loss and time left, and a line for each epoch. */
final class TrainingProgress implements TrainingListener {
    /** How fast the shown loss follows: about the last twenty steps. */
    private static final double SMOOTHING = 0.05;

    private final Console console;
    private final ProgressView view;
    private final RunConfig config;
    private double loss = Double.NaN;

    TrainingProgress(Console console, ProgressView view, RunConfig config) {
        this.console = console;
        this.view = view;
        this.config = config;
    }

    @Override
    public void started(Start start) {
        console.line(String.format(
                Locale.ROOT,
                "%s: %,d parameters, %d epochs of %,d steps",
                start.run().path(),
                start.parameters(),
                config.training().epochs(),
                start.stepsPerEpoch()));
        view.start("steps", start.totalSteps());
    }

    @Override
    public void stepped(Step step) {
        loss = Double.isNaN(loss) ? step.loss() : loss + SMOOTHING * (step.loss() - loss);
        view.update(
                step.step(),
                String.format(
                        Locale.ROOT,
                        "epoch %d/%d, loss %.2f",
                        step.epoch(),
                        config.training().epochs(),
                        loss));
    }

    @Override
    public void epochEnded(Epoch epoch) {
        Map<String, Double> shown = epoch.validation().isEmpty() ? epoch.training() : epoch.validation();
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "epoch %d/%d  loss %.3f",
                epoch.epoch(),
                config.training().epochs(),
                epoch.training().get("loss")));
        line.append(epoch.validation().isEmpty() ? "  |" : "  | validation");
        shown.forEach((name, value) -> {
            if (!name.equals("loss") || !epoch.validation().isEmpty()) {
                line.append(String.format(Locale.ROOT, "  %s %.3f", name, value));
            }
        });
        line.append(String.format(Locale.ROOT, "  | %.1f s%s", epoch.seconds(), epoch.best() ? "  (best so far)" : ""));
        console.line(line.toString());
    }
}
