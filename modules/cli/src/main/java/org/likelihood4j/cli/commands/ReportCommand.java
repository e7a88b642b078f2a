package org.likelihood4j.cli.commands;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.likelihood4j.cli.session.ReportFile;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.StandardOutput;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code report RUN...}: one web page that shows a training, or several over each other. */
@Command(
        name = "report",
        description = {
            "Write one web page that shows a training: curves, both KLs, latents, gradients, pictures, config.",
            "It opens from the disk and needs no network. Several runs are drawn over each other, with the keys of their"
                    + " configs that differ. Every training and comparison writes its page at its end."
        })
public final class ReportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RUN", arity = "1..*", description = "Runs' folders, such as runs/quickstart-vae.")
    private List<Path> folders;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description =
                    "The page; default: report.html in RUN, of several runs in the folder that holds the first one.")
    private Path output;

    private final Console console;

    public ReportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Path first = folders.get(0);
        StandardOutput.refuse(output, "a page");
        Path file = output != null
                ? output
                : folders.size() == 1 ? first.resolve(ReportFile.NAME) : first.resolveSibling(ReportFile.NAME);
        console.line("wrote " + ReportFile.write(folders, file));
        return 0;
    }
}
