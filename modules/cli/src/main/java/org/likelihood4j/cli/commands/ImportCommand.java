package org.likelihood4j.cli.commands;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.likelihood4j.cli.options.NewRunOptions;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.inference.export.ModelImport;
import org.likelihood4j.runs.RunDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code import EXPORT}: a run again of what {@code export} has written. */
@Command(
        name = "import",
        description = {
            "Make a run of what export has written: to evaluate, sample and score, and to start other trainings from.",
            "It has one checkpoint and no optimiser's state: a training starts from it with --set training.startFrom=RUN."
        })
public final class ImportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "EXPORT", description = "The folder, such as runs/quickstart-vae/export.")
    private Path export;

    @Mixin
    private NewRunOptions options;

    private final Console console;

    public ImportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        RunDirectory run = ModelImport.read(export, options.runs(), options.overrides());
        Path plain = options.runs().resolve(run.readConfig().name());
        console.line(
                "imported: " + run.path() + (plain.equals(run.path()) ? "" : " (" + plain + " was there already)"));
        console.line("  likelihoods  ./run.sh evaluate " + run.path());
        console.line("  train on     ./run.sh train " + run.config() + " --set training.startFrom=" + run.path());
        return 0;
    }
}
