package org.likelihood4j.cli.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.likelihood4j.cli.options.LiveOptions;
import org.likelihood4j.cli.session.TrainingSession.Means;
import org.likelihood4j.cli.session.Trainings;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.report.LiveServer;
import org.likelihood4j.runs.RunDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code resume RUN}: goes on with a training that was cut off, or makes one longer. */
@Command(
        name = "resume",
        description = {
            "Go on with a training from its newest checkpoint, as if it had never been cut off.",
            "Same machine and threads: the same bits. --set training.epochs=20 makes a run longer."
        })
public class ResumeCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RUN", description = "The run's folder, such as runs/quickstart-vae.")
    private Path folder;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description =
                    "Change a key from here on, such as training.epochs=20; may be repeated. Keys that would make it"
                            + " another training are refused.")
    private List<String> overrides = List.of();

    @Mixin
    private LiveOptions live = new LiveOptions();

    private final Console console;

    public ResumeCommand(Console console) {
        this.console = console;
    }

    /** How it trains. */
    protected Means means(RunConfig config) {
        return Means.USUAL;
    }

    @Override
    public final Integer call() throws IOException {
        try (LiveServer server = live.bind()) {
            return new Trainings(console, server)
                    .goOn(RunDirectory.open(folder), overrides, this::means)
                    .code();
        }
    }
}
