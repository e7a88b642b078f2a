package org.likelihood4j.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command: one process of its own for each number of threads, then the table. */
@Command(
        name = "./run.sh bench",
        sortOptions = false,
        description = {
            "Time training steps of our engines and of other libraries' twins of the same model and update.",
            "Each twin must agree with ours on loss, gradient and trained weights before its times count."
        })
final class Main implements Callable<Integer> {
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

    @Option(names = "--memory", description = "Measure each contender's memory in a process of its own.")
    private boolean memory;

    @Option(names = "--json", paramLabel = "FILE", description = "Write everything that was measured to a file.")
    private Path json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Explain what there is.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Option(
            names = "--carry-out",
            hidden = true,
            arity = "2",
            paramLabel = "FILE",
            description = "Carry out a plan in this process.")
    private Path[] plan;

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
                    if (failure instanceof DisagreementException || failure instanceof Children.FailedException) {
                        line.getErr().println("error: " + failure.getMessage());
                    } else {
                        failure.printStackTrace(line.getErr());
                    }
                    return 1;
                })
                .execute(arguments));
    }

    @Override
    public Integer call() {
        if (plan != null) {
            Json.write(plan[1], Runner.run(Json.read(plan[0], Plan.class)));
            return 0;
        }
        require("workload", workloads, Workloads.names());
        require("contender", contenders, Contenders.names());
        List<Findings> all = new ArrayList<>();
        for (String count : threads) {
            Findings findings = Children.run(new Plan(workloads, contenders, count(count), seconds, full, false));
            all.add(memory ? findings.withMemory(memory(findings.threads())) : findings);
        }
        spec.commandLine().getOut().print(new Table(all).text());
        spec.commandLine().getOut().flush();
        if (json != null) {
            Json.write(json, all);
        }
        return 0;
    }

    private List<MemoryUse> memory(int count) {
        List<MemoryUse> uses = new ArrayList<>();
        for (String workload : workloads) {
            if (workload.equals(Plan.DIAGNOSTICS)) {
                continue;
            }
            List<String> names = new ArrayList<>(contenders);
            names.add(0, "");
            for (String name : names) {
                List<String> one = name.isEmpty() ? List.of() : List.of(name);
                Findings found = Children.run(new Plan(List.of(workload), one, count, 0, full, true));
                uses.add(new MemoryUse(workload, name.isEmpty() ? "(none)" : name, found.peakMebibytes()));
            }
        }
        return uses;
    }

    private int count(String threads) {
        if (threads.equals("all")) {
            return Runtime.getRuntime().availableProcessors();
        }
        if (!threads.matches("[1-9][0-9]{0,3}")) {
            throw new ParameterException(spec.commandLine(), "--threads: give numbers or 'all', was '" + threads + "'");
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
