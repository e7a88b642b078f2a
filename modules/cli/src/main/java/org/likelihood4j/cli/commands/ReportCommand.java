package org.likelihood4j.cli.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.Failures;
import org.likelihood4j.cli.terminal.StandardOutput;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.report.PageMode;
import org.likelihood4j.report.ReportData;
import org.likelihood4j.report.ReportPage;
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
    /** The page's name in a folder. */
    static final String FILE = "report.html";

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
        Path file = output != null ? output : folders.size() == 1 ? first.resolve(FILE) : first.resolveSibling(FILE);
        console.line("wrote " + write(folders, file));
        return 0;
    }

    /**
     * Writes the page of some runs.
     *
     * @return the file
     * @throws UserError if it cannot be written
     * @throws org.likelihood4j.io.RunException if a folder is not a run's, or cannot be read
     */
    static Path write(List<Path> runs, Path file) {
        try {
            if (Files.exists(file) && !(Files.isRegularFile(file) && ReportPage.isPage(file))) {
                throw new UserError(file + ": is there and is no report; choose another file with --output");
            }
            AtomicFiles.write(file, ReportPage.render(ReportData.read(runs), PageMode.STATIC));
        } catch (IOException e) {
            throw new UserError(file + ": the page cannot be written (" + Failures.describe(e) + ")", e);
        }
        return file;
    }
}
