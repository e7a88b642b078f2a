package org.likelihood4j.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.likelihood4j.benchmarks.ours.PlanningTime;
import org.likelihood4j.benchmarks.results.BenchmarkTable;
import org.likelihood4j.benchmarks.results.Findings;
import org.likelihood4j.benchmarks.work.DisagreementException;
import org.likelihood4j.benchmarks.work.Workloads;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command: a session for each number of threads, then the table. */
@Command(
        name = "./run.sh bench",
        sortOptions = false,
        description = {
            "Time training steps of our engines and of other libraries' twins of the same model and update.",
            "Each twin must agree with the reference on loss, gradient and trained weights before its times count.",
            "Each sits in a process of its own, and they take turns, a tenth of a second each."
        })
final class Main implements Callable<Integer> {
    /** Starts the process of one seat. */
    static final String SEAT = "--seat";

    private static final int LONGEST = 3600;

    @Option(
            names = "--workloads",
            split = ",",
            paramLabel = "NAME",
            description = "Of ${COMPLETION-CANDIDATES}; default all.",
            completionCandidates = WorkloadNames.class)
    private List<String> workloads = Workloads.names();

    @Option(
            names = "--contenders",
            split = ",",
            paramLabel = "NAME",
            description = "Of ${COMPLETION-CANDIDATES}; default all.",
            completionCandidates = ContenderNames.class)
    private List<String> contenders = Contenders.names();

    @Option(
            names = "--threads",
            split = ",",
            paramLabel = "N",
            description = "Numbers of threads, or 'all' for every core; default 1,all.")
    private List<String> threads = List.of("1", "all");

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "Measured for each contender, workload and phase; default ${DEFAULT-VALUE}.")
    private double seconds = 6;

    @Option(
            names = "--full-update",
            description = "Clip the gradient and keep a moving average of the weights as well.")
    private boolean full;

    @Option(
            names = "--planning",
            description = "Instead: how long it takes to compile flows of up to 200 blocks, and to plan their kernels.")
    private boolean planning;

    @Option(names = "--json", paramLabel = "FILE", description = "Write everything that was measured to a file.")
    private Path json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Explain what there is.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Option(names = SEAT, hidden = true, paramLabel = "JSON", description = "Be the process of one contender.")
    private String seat;

    @Spec
    private CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main())
                .setParameterExceptionHandler((failure, given) -> {
                    failure.getCommandLine().getErr().println("error: " + failure.getMessage());
                    failure.getCommandLine().getErr().println("Run './run.sh bench --help' to see what there is.");
                    return 2;
                })
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    if (failure instanceof DisagreementException || failure instanceof Child.FailedException) {
                        line.getErr().println("error: " + failure.getMessage());
                    } else {
                        failure.printStackTrace(line.getErr());
                    }
                    return 1;
                })
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        if (seat != null) {
            Server.serve(Json.parse(seat, Seat.class));
            return 0;
        }
        if (planning) {
            PlanningTime.print(spec.commandLine().getOut());
            return 0;
        }
        require("workload", workloads, Workloads.names());
        require("contender", contenders, Contenders.names());
        if (!(seconds > 0 && seconds <= LONGEST)) {
            throw new ParameterException(
                    spec.commandLine(), "--seconds: give a number above 0, at most " + LONGEST + ", was " + seconds);
        }
        List<Integer> counts = threads.stream().map(this::count).toList();
        if (json != null
                && (Files.isDirectory(json)
                        || !Files.isDirectory(json.toAbsolutePath().getParent()))) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--json: " + json + " cannot be written: give a file in a folder that is there");
        }
        List<Findings> all = new ArrayList<>();
        for (int count : counts) {
            all.add(Session.run(new BenchmarkPlan(workloads, contenders, count, seconds, full)));
        }
        spec.commandLine().getOut().print(new BenchmarkTable(all).text());
        spec.commandLine().getOut().flush();
        if (json != null) {
            Json.write(json, all);
        }
        return 0;
    }

    private int count(String threads) {
        int most = Runtime.getRuntime().availableProcessors();
        if (threads.equals("all")) {
            return most;
        }
        if (!threads.matches("[1-9][0-9]{0,3}") || Integer.parseInt(threads) > most) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--threads: give numbers from 1 to " + most + ", or 'all', was '" + threads + "'");
        }
        return Integer.parseInt(threads);
    }

    private void require(String what, List<String> given, List<String> known) {
        for (String name : given) {
            if (!known.contains(name)) {
                throw new ParameterException(
                        spec.commandLine(), "no " + what + " '" + name + "'; there are " + String.join(", ", known));
            }
        }
    }

    /** For the help. */
    private static final class WorkloadNames extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        WorkloadNames() {
            super(Workloads.names());
        }
    }

    /** For the help. */
    private static final class ContenderNames extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        ContenderNames() {
            super(Contenders.names());
        }
    }
}
