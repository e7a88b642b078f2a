package org.likelihood4j.cli.session;

import java.nio.file.Path;
import org.likelihood4j.cli.options.LeftOut;
import org.likelihood4j.cli.progress.DataProgress;
import org.likelihood4j.cli.progress.ProgressView;
import org.likelihood4j.cli.session.TrainingSession.Means;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.Project;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.ExampleSource;
import org.likelihood4j.data.Splits;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.report.LiveServer;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.training.Trainer;
import org.likelihood4j.training.loop.PreflightCheck;

/**
 * A training from its configuration on: the data are read and checked before there is a folder, so that none is left of what cannot start.
 *
 * @param runs where the run's folder is made
 * @param server that shows it; {@code null} for none
 */
public record NewTraining(Console console, Path runs, LiveServer server) {
    /**
     * How it ended.
     *
     * @param code of the process
     */
    public record Ended(RunDirectory run, Splits data, int code) {}

    /**
     * Trains.
     *
     * @param wanted that passed {@link PreflightCheck#start}
     */
    public Ended train(RunConfig wanted, Means means) {
        ExampleSource source = DataSources.source(wanted.data(), Project.datasets());
        console.line(wanted.name() + ": " + source.describe());
        Splits data;
        try (ProgressView progress = console.progress()) {
            data = source.load(new DataProgress(progress));
        }
        LeftOut.tell(data, console);
        RunConfig fitted = DataSources.fitted(wanted, data.train(), console::line);
        PreflightCheck.data(fitted, data).forEach(console::warning);
        RunConfig config = DataSources.resolved(fitted, data.train().shape());
        RunDirectory run = RunDirectory.create(runs, config);
        if (!run.path().endsWith(config.name())) {
            console.line(runs.resolve(config.name()) + " exists and is kept; this run is " + run.path());
        }
        int code = new TrainingSession(console, config, source.describe(), data, run, server, means).call(Trainer::run);
        return new Ended(run, data, code);
    }
}
