package org.likelihood4j.spark.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.likelihood4j.cli.options.RunOptions;
import org.likelihood4j.cli.session.TrainingSession.Means;
import org.likelihood4j.cli.session.TrainingSession.Open;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.Project;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.data.ExampleSource;
import org.likelihood4j.data.Splits;
import org.likelihood4j.runs.Provenance;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.spark.rounds.BarrierRounds;
import org.likelihood4j.training.Trainer;
import org.likelihood4j.training.events.TrainingListener;
import picocli.CommandLine.Option;

/** The options of a training whose steps a cluster takes; else it is one as any other, in the driver. */
final class ClusterTraining {
    private static final int WAIT_MILLIS = 3000;
    private static final int MOST_WAITS = 40;

    @Option(
            names = "--workers",
            paramLabel = "W",
            description =
                    "Executors that take each step together, a power of two, at most training.shards; the result is the same for"
                            + " any; default: as many as there are, that fit.")
    private Integer workers;

    /** How a training is done on the cluster. */
    Means means(Console console, RunConfig config) {
        Integer shards = config.training().shards();
        if (shards == null) {
            throw new UserError(
                    "a training on a cluster needs training.shards, the number of parts of a batch that workers"
                            + " share, such as --set training.shards=8; with the same number ./run.sh train gives the same bits");
        }
        SparkSession session = session(config.name());
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        int chosen = workers(spark, shards);
        console.line(chosen + (chosen == 1 ? " worker takes" : " workers take") + " the steps, " + shards / chosen
                + " of " + shards + " shards each");
        return new Means() {
            @Override
            public Splits data(RunConfig config, ExampleSource source, Console console) {
                return RunOptions.data(
                        progress -> BarrierRounds.data(config, source, localFolder(), progress), console);
            }

            @Override
            public Trainer trainer(
                    RunConfig config,
                    Splits data,
                    RunDirectory run,
                    Provenance provenance,
                    List<? extends TrainingListener> listeners) {
                return new Trainer(
                        config,
                        data,
                        run,
                        provenance,
                        listeners,
                        new BarrierRounds(spark, config, Project.datasets(), data, chosen, console::warning));
            }

            @Override
            public Open log(RunDirectory run) throws IOException {
                return SparkLog.open(run.path());
            }
        };
    }

    /** Where Spark puts what it has no memory for; it goes when the driver ends. */
    private static Path localFolder() {
        return SparkEnv.get().blockManager().diskBlockManager().localDirs()[0].toPath();
    }

    private int workers(JavaSparkContext spark, int shards) {
        if (workers == null) {
            return Integer.highestOneBit(Math.max(1, Math.min(shards, executors(spark))));
        }
        requireWorkers(workers, shards);
        return workers;
    }

    /** How many there are when they have had the time to start; of a driver that computes itself its cores. */
    private static int executors(JavaSparkContext spark) {
        if (spark.isLocal()) {
            return spark.defaultParallelism();
        }
        int before = 0;
        for (int waited = 0; waited < MOST_WAITS; waited++) {
            // The driver is one of them.
            int there = spark.sc().statusTracker().getExecutorInfos().length - 1;
            if (there > 0 && there == before) {
                return there;
            }
            before = there;
            sleep();
        }
        return Math.max(1, before);
    }

    private static void sleep() {
        try {
            Thread.sleep(WAIT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("interrupted while executors were waited for", e);
        }
    }

    /** A session of a cluster whose executors may still be starting: barrier stages look for them every second, and wait for two minutes. */
    static SparkSession session(String name) {
        return SparkSession.builder()
                .appName("likelihood4j " + name)
                .config("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s")
                .config("spark.scheduler.barrier.maxConcurrentTasksCheck.maxFailures", "120")
                .getOrCreate();
    }

    /** @throws UserError for any other number than a power of two, which may be as large as the shards are many */
    static void requireWorkers(int workers, int most) {
        if (workers < 1 || Integer.bitCount(workers) != 1 || workers > most) {
            throw new UserError("--workers must be a power of two from 1 on"
                    + (most == Integer.MAX_VALUE ? "" : " to training.shards, " + most) + "; was " + workers);
        }
    }
}
