package org.likelihood4j.cli.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.likelihood4j.cli.options.JsonOption;
import org.likelihood4j.cli.terminal.Console;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.report.RunSummary;
import org.likelihood4j.report.RunsTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code runs [FOLDER]}: what has been trained, and what came of it. */
@Command(
        name = "runs",
        description = {
            "List the runs in a folder: model, data, status, epochs, best validation loss, evaluation, size, date.",
            "The runs of comparisons are listed too. A folder that is no run, or is damaged, gets a line that says so."
        })
public final class RunsCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "FOLDER",
            description = "Where runs are kept, or one run; default: ${DEFAULT-VALUE}.")
    private Path folder = Path.of("runs");

    @Option(
            names = "--sort",
            paramLabel = "KEY",
            description = "One of ${COMPLETION-CANDIDATES}; default: date, the newest first.")
    private RunsTable.Sort sort = RunsTable.Sort.DATE;

    @Mixin
    private JsonOption json;

    private final Console console;

    public RunsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new UserError(folder + ": no such folder; expected one with runs in it, such as runs");
        }
        List<RunSummary> runs =
                folders().stream().map(RunSummary::of).sorted(sort.order()).toList();
        if (json.wanted()) {
            json.print(console, runs.stream().map(this::entry).toList());
        } else if (runs.isEmpty()) {
            console.result("no runs in " + folder);
        } else {
            new RunsTable(folder, runs).lines().forEach(console::result);
        }
        return 0;
    }

    private List<Path> folders() throws IOException {
        if (Files.exists(folder.resolve("config.yaml"))) {
            return List.of(folder);
        }
        List<Path> found = new ArrayList<>();
        for (Path child : children(folder)) {
            if (Files.exists(child.resolve("comparison.json"))) {
                found.addAll(children(child));
            } else {
                found.add(child);
            }
        }
        return found;
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(Files::isDirectory)
                    .filter(child -> !child.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    private Map<String, Object> entry(RunSummary run) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("run", RunsTable.name(folder, run));
        entry.put("path", run.path().toString());
        entry.put("status", run.status().toString());
        entry.put("model", run.model());
        entry.put("data", run.data());
        entry.put("epochs", run.epochs());
        entry.put("planned_epochs", run.plannedEpochs());
        entry.put("best_validation", run.best());
        entry.put("evaluations", run.evaluations());
        entry.put("bytes", run.bytes());
        entry.put("modified", run.modified().toString());
        entry.put("problems", run.problems());
        return entry;
    }
}
