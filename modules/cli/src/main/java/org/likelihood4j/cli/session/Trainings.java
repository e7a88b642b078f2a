package org.likelihood4j.cli.session;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.likelihood4j.cli.session.TrainingSession.Means;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.Project;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.ExampleSource;
import org.likelihood4j.data.Splits;
import org.likelihood4j.inference.runtime.DataSources;
import org.likelihood4j.report.LiveServer;
import org.likelihood4j.runs.ResumeRules;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.training.Trainer;
import org.likelihood4j.training.loop.PreflightCheck;

/**
 * Trainings from their data on. These are read and checked before there is a folder, so that none is left of what cannot start.
 *
 * @param server that shows them; {@code null} for none
 */
public record Trainings(Console console, LiveServer server) {
    /**
     * How one ended.
     *
     * @param code of the process
     */
    public record Ended(RunDirectory run, Splits data, int code) {}

    /**
     * Trains in a new folder.
     *
     * @param wanted that passed {@link PreflightCheck#start}
     * @param runs where the folder is made
     */
    public Ended begin(RunConfig wanted, Path runs, Means means) {
        ExampleSource source = DataSources.source(wanted.data(), Project.datasets());
        console.line(wanted.name() + ": " + source.describe());
        Splits data = means.data(wanted, source, console);
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

    /**
     * Goes on with a training.
     *
     * @param overrides keys of its configuration that are others from here on, each {@code KEY=VALUE}
     * @param means for the changed configuration
     */
    public Ended goOn(RunDirectory run, List<String> overrides, Function<RunConfig, Means> means) {
        RunConfig config = run.readConfig(overrides);
        // Before the data are read for a run that cannot go on like this.
        ResumeRules.check(run.readConfig(), config);
        ResumeRules.requireTrained(run);
        PreflightCheck.goOn(config);
        Means chosen = means.apply(config);
        ExampleSource source = DataSources.source(config.data(), Project.datasets());
        Splits data = chosen.data(config, source, console);
        int code = new TrainingSession(console, config, source.describe(), data, run, server, chosen)
                .call(Trainer::resume);
        return new Ended(run, data, code);
    }
}
