package org.likelihood4j.spark.commands;

import org.likelihood4j.cli.commands.TrainCommand;
import org.likelihood4j.cli.session.TrainingSession.Means;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.config.RunConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code spark train CONFIG}: as {@code train}, with steps that a cluster takes. */
@Command(
        name = "train",
        description = {
            "Train a model from a YAML config as ./run.sh train does, with steps that the executors of a cluster take together.",
            "The run is the same, to the bit, as that of ./run.sh train with the same training.shards, for any number of workers.",
            "Options of spark-submit, such as --master local-cluster[2,1,2048], may stand among the others. docs/spark.md explains it."
        })
public final class SparkTrainCommand extends TrainCommand {
    @Mixin
    private ClusterTraining cluster = new ClusterTraining();

    private final Console console;

    public SparkTrainCommand(Console console) {
        super(console);
        this.console = console;
    }

    @Override
    protected Means means(RunConfig config) {
        return cluster.means(console, config);
    }
}
