package org.likelihood4j.spark.commands;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.spark.rounds.RoundCosts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code spark costs}: what rounds cost on a cluster, by the size of the model. */
@Command(
        name = "costs",
        description = {
            "Measure what a cluster adds to a training: a round without steps, and the sum of a step's gradients.",
            "With a step's time on one machine they tell how many workers are worth having: docs/spark.md."
        })
public final class SparkCostsCommand implements Callable<Integer> {
    /** Whose state fits an array. */
    private static final int MOST = 100_000;

    @Option(names = "--workers", paramLabel = "W", description = "A power of two; default: ${DEFAULT-VALUE}.")
    private int workers = 2;

    @Option(
            names = "--parameters",
            split = ",",
            paramLabel = "N",
            description = "Of the models, in thousands; default: 10, 540, 5000.")
    private List<Integer> thousands = List.of(10, 540, 5000);

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Of which the median is told; default: ${DEFAULT-VALUE}.")
    private int rounds = 30;

    private final Console console;

    public SparkCostsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ClusterTraining.requireWorkers(workers, Integer.MAX_VALUE);
        if (rounds < 1) {
            throw new UserError("--rounds must be at least 1, was " + rounds);
        }
        for (int size : thousands) {
            if (size < 1 || size > MOST) {
                throw new UserError("--parameters are thousands, 1 to " + MOST + "; was " + size);
            }
        }
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(
                ClusterTraining.session("costs").sparkContext());
        console.result("parameters  workers  a round [ms]  a sum [ms]");
        for (int size : thousands) {
            RoundCosts costs = RoundCosts.measure(spark, size * 1000, workers, rounds);
            console.result(String.format(
                    Locale.ROOT,
                    "%,10d  %7d  %12.1f  %10.3f",
                    costs.parameters(),
                    costs.workers(),
                    costs.roundMillis(),
                    costs.sumMillis()));
        }
        return 0;
    }
}
