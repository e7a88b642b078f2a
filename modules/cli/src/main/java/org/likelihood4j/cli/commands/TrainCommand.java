package org.likelihood4j.cli.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.likelihood4j.cli.options.LiveOptions;
import org.likelihood4j.cli.options.NewRunOptions;
import org.likelihood4j.cli.session.TrainingSession.Means;
import org.likelihood4j.cli.session.Trainings;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.yaml.ConfigLoader;
import org.likelihood4j.report.LiveServer;
import org.likelihood4j.training.loop.PreflightCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code train CONFIG}: from a YAML file to a run directory. */
@Command(
        name = "train",
        description = {
            "Train a model from a YAML config.",
            "Everything it makes goes to a new folder RUNS/NAME. Ctrl-C saves a checkpoint and ends with exit code 130."
        })
public class TrainCommand implements Callable<Integer> {
    @Parameters(paramLabel = "CONFIG", description = "The YAML file, such as configs/quickstart-vae.yaml.")
    private Path file;

    @Mixin
    private NewRunOptions options;

    @Mixin
    private LiveOptions live = new LiveOptions();

    private final Console console;

    public TrainCommand(Console console) {
        this.console = console;
    }

    /** How it trains. */
    protected Means means(RunConfig config) {
        return Means.USUAL;
    }

    @Override
    public final Integer call() throws IOException {
        try (LiveServer server = live.bind()) {
            return train(server);
        }
    }

    private int train(LiveServer server) {
        RunConfig config = ConfigLoader.load(file, options.overrides());
        // Before a folder is made for a run that cannot start.
        PreflightCheck.start(config);
        return new Trainings(console, server)
                .begin(config, options.runs(), means(config))
                .code();
    }
}
