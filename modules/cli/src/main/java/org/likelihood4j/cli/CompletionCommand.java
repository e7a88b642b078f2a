package org.likelihood4j.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code completion SHELL}: a script by which a shell completes command lines of run.sh. */
@Command(
        name = "completion",
        description = {
            "Print a script that lets a shell complete commands and options.",
            "Use it by: source <(./run.sh completion bash)"
        })
final class CompletionCommand implements Callable<Integer> {
    private static final String SCRIPT = "run.sh";

    /** What run.sh does itself. */
    static final List<String> OF_THE_SCRIPT = List.of("build", "test", "format", "bench", "faults", "fuzz");

    /** A shell that we have a script for. */
    enum Shell {
        BASH,
        ZSH
    }

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    private Shell shell;

    @Spec
    private CommandSpec spec;

    private final Console console;

    CompletionCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        CommandLine root = spec.root().commandLine();
        OF_THE_SCRIPT.forEach(name -> root.addSubcommand(name, CommandSpec.create()));
        String script = AutoComplete.bash(SCRIPT, root);
        if (shell == Shell.ZSH) {
            // Zsh takes bash's scripts by its own emulation, which is there only when it was asked for.
            script = "autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n" + script;
        }
        console.result(script.stripTrailing());
        return 0;
    }
}
