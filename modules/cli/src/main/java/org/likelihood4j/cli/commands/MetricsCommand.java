package org.likelihood4j.cli.commands;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.Failures;
import org.likelihood4j.cli.terminal.OutputFile;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.io.AtomicFiles;
import org.likelihood4j.runs.RunDirectory;
import org.likelihood4j.runs.metrics.MetricsTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code metrics RUN}: the numbers of a training as a table. */
@Command(
        name = "metrics",
        description = {
            "Write the metrics of a training as a table (CSV), also while it runs.",
            "A column is a value's path in metrics.jsonl, such as validation.elbo; docs/tracking.md has the units."
        })
public final class MetricsCommand implements Callable<Integer> {

    /** Which lines of metrics.jsonl. */
    enum Event {
        STEP,
        EPOCH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(paramLabel = "RUN", description = "The run's folder, such as runs/quickstart-vae.")
    private Path folder;

    @Option(names = "--event", description = "A row for each: ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
    private Event event = Event.EPOCH;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Where the table goes: a file that ends in .csv, or - for standard output, the default.")
    private String output = "-";

    private final Console console;

    public MetricsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        boolean toConsole = output.equals("-");
        if (!toConsole) {
            OutputFile.requireEnding(output, ".csv");
        }
        MetricsTable table = MetricsTable.of(RunDirectory.open(folder), event.toString());
        if (table.damaged() > 0) {
            console.err()
                    .println("warning: " + folder.resolve("metrics.jsonl") + ": " + table.damaged()
                            + " damaged lines are left out");
        }
        if (toConsole) {
            write(table, console.out());
        } else {
            Path file = Path.of(output);
            save(table, file);
            console.line("wrote " + file);
        }
        return 0;
    }

    private static void save(MetricsTable table, Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new UserError(file + ": is a folder, expected a file name such as metrics.csv");
        }
        Path parent = file.toAbsolutePath().getParent();
        try {
            AtomicFiles.createFolders(parent);
            AtomicFiles.write(file, out -> write(table, out));
        } catch (IOException e) {
            throw new UserError(file + ": cannot be written (" + Failures.describe(e) + ")", e);
        }
    }

    /** Leaves the stream open, which is not ours. */
    private static void write(MetricsTable table, OutputStream out) throws IOException {
        Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        table.write(writer);
        writer.flush();
    }
}
