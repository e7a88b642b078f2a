package org.likelihood4j.spark.commands;

import org.likelihood4j.cli.commands.ResumeCommand;
import org.likelihood4j.cli.session.TrainingSession.Means;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.config.RunConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code spark resume RUN}: as {@code resume}, with steps that a cluster takes. */
@Command(
        name = "resume",
        description = {
            "Go on with a training from its newest checkpoint, wherever it was begun, with steps that the executors of a cluster take"
                    + " together.",
            "The number of workers may be another one: the bits are the same."
        })
public final class SparkResumeCommand extends ResumeCommand {
    @Mixin
    private ClusterTraining cluster = new ClusterTraining();

    private final Console console;

    public SparkResumeCommand(Console console) {
        super(console);
        this.console = console;
    }

    @Override
    protected Means means(RunConfig config) {
        return cluster.means(console, config);
    }
}
