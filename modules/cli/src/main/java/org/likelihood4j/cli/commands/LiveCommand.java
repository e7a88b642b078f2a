package org.likelihood4j.cli.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.likelihood4j.cli.options.LiveOptions;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.StopOnExit;
import org.likelihood4j.report.LiveRun;
import org.likelihood4j.report.LiveServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code live RUN}: the report of a run in the browser, which follows its training. */
@Command(
        name = "live",
        description = {
            "Show a run in a browser of this machine, and follow it while it is trained.",
            "Serves that run's report, to this machine only, until Ctrl-C."
        })
public final class LiveCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RUN", description = "The run's folder, such as runs/quickstart-vae.")
    private Path folder;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "The port, 0 for any free one; default: " + LiveServer.USUAL_PORT
                    + ", or any if that one is taken.")
    private Integer port;

    private final Console console;

    public LiveCommand(Console console) {
        this.console = console;
    }

    @Override
    @SuppressWarnings("try") // the hook is only to be there
    public Integer call() throws IOException, InterruptedException {
        LiveRun run = LiveRun.open(folder);
        CountDownLatch stopped = new CountDownLatch(1);
        try (LiveServer server = LiveOptions.bind(port);
                StopOnExit stop = StopOnExit.of(stopped::countDown)) {
            server.serve(run);
            console.result(folder + " is at " + server.address() + " until Ctrl-C");
            console.out().flush();
            stopped.await();
            return 130;
        }
    }
}
