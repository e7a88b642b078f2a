package org.likelihood4j.spark.commands;

import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.likelihood4j.cli.Main;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.StdoutGuard;
import org.likelihood4j.spark.SparkFailure;

/** What spark-submit starts: {@code ./run.sh spark COMMAND}. All is said on standard error, as Spark itself does. */
public final class SparkMain {
    private static final String NAME = "./run.sh spark";

    private SparkMain() {}

    public static void main(String[] arguments) {
        Console system = Console.system();
        Console console = new Console(system.err(), system.err(), false, system.columns());
        StdoutGuard.install();
        int code = Main.run(
                console,
                NAME,
                List.of(
                        SparkScoreCommand::new,
                        SparkTrainCommand::new,
                        SparkResumeCommand::new,
                        SparkDataCommand::new,
                        SparkCostsCommand::new),
                SparkFailure::meaning,
                arguments);
        // Else executors would be started for a driver that is ending.
        SparkSession.getDefaultSession().foreach(session -> {
            session.stop();
            return null;
        });
        // A driver in a cluster is said to have failed whenever it ends by exit, so that a good end is none.
        if (code != 0) {
            System.exit(code);
        }
    }
}
