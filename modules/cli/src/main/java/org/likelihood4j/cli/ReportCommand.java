package org.likelihood4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.likelihood4j.cli.report.ReportData;
import org.likelihood4j.cli.report.ReportPage;
import org.likelihood4j.data.io.AtomicFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code report RUN...}: one web page that shows a training, or several over each other. */
@Command(
        name = "report",
        description = {
            "Write one web page that shows a training: curves, both KLs, latents, gradients, pictures, config.",
            "It opens from the disk and needs no network. Several runs are drawn over each other, with the keys of their"
                    + " configs that differ.",
        })
final class ReportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RUN", arity = "1..*", description = "Runs' folders, such as runs/quickstart-vae.")
    private List<Path> folders;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "The page; default: RUN/report.html, of several runs report.html in the working directory.")
    private Path output;

    private final Console console;

    ReportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Path file = output != null
                ? output
                : folders.size() == 1 ? folders.get(0).resolve(FILE) : Path.of(FILE);
        write(folders, file);
        console.line("wrote " + file);
        return 0;
    }

    /** The page's name in a folder. */
    static final String FILE = "report.html";

    /**
     * Writes the page of some runs.
     *
     * @throws UserError if it cannot be written
     */
    static void write(List<Path> runs, Path file) {
        String page = ReportPage.render(ReportData.read(runs), ReportPage.Mode.STATIC);
        if (Files.isDirectory(file)) {
            throw new UserError(file + ": is a folder; give the page's file, such as " + file.resolve(FILE));
        }
        try {
            AtomicFiles.write(file, page);
        } catch (IOException e) {
            throw new UserError(file + ": the page cannot be written (" + Failures.describe(e) + ")", e);
        }
    }
}
