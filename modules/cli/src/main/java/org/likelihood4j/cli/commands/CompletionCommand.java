package org.likelihood4j.cli.commands;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.Project;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code completion SHELL}: a script by which a shell completes command lines of run.sh. */
@Command(
        name = CompletionCommand.NAME,
        description = {
            "Print a script that lets a shell complete commands and options.",
            "Use it by: source <(./run.sh completion bash)"
        })
public final class CompletionCommand implements Callable<Integer> {
    public static final String NAME = "completion";

    private static final String SCRIPT = "run.sh";

    /** What run.sh does itself. */
    static final List<String> OF_THE_SCRIPT = List.of(
            "build",
            "test",
            "dev",
            "check",
            "browser",
            "format",
            "bench",
            "bench-score",
            "anomalies",
            "faults",
            "fuzz",
            "example",
            "figures",
            "gpu-check",
            "gpu-bundle",
            "gpu-graphs",
            "fake-gpu",
            "fake-gpu-check",
            "notebooks",
            "spark",
            "install",
            "stage",
            "rebuild",
            "outside",
            "dist");

    /** Which of that takes a module's name. */
    private static final List<String> OF_A_MODULE = List.of("test", "dev");

    /** A shell that the script works in: one script for both. */
    enum Shell {
        BASH,
        ZSH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
    @SuppressWarnings("UnusedVariable") // only one of them can be asked for
    private Shell shell;

    @Spec
    private CommandSpec spec;

    private final Console console;

    public CompletionCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        CommandLine root = spec.root().commandLine();
        for (String name : OF_THE_SCRIPT) {
            root.addSubcommand(name, OF_A_MODULE.contains(name) ? ofAModule() : CommandSpec.create());
        }
        // Shells look for the last part of ./run.sh; picocli would take the words run and run.bash too.
        String script = AutoComplete.bash(SCRIPT, root).stripTrailing();
        console.result(script.replaceFirst("( -o default) run run\\.sh run\\.bash$", "$1 " + SCRIPT));
        return 0;
    }

    private static CommandSpec ofAModule() {
        return CommandSpec.create()
                .addPositional(PositionalParamSpec.builder()
                        .paramLabel("MODULE")
                        .type(String.class)
                        .completionCandidates(Project.modules())
                        .build());
    }
}
