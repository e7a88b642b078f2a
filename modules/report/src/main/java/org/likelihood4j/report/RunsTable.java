package org.likelihood4j.report;

import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.likelihood4j.io.Printable;
import org.likelihood4j.io.TextTable;
import org.likelihood4j.runs.Evaluation;

/** Runs as a table for people. */
public record RunsTable(Path folder, List<RunSummary> runs) {
    private static final List<String> HEADER =
            List.of("run", "status", "model", "data", "epochs", "best validation", "evaluation", "size", "date");
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

    /** The likelihoods of an evaluation, of which a model has one. */
    private static final List<String> LIKELIHOODS = List.of("bits_per_dim", "nll");

    private static final String LAST = "~";

    /** What the rows can be sorted by. */
    public enum Sort {
        DATE,
        NAME,
        STATUS,
        MODEL,
        DATA,
        EPOCHS,
        BEST,
        EVALUATION,
        SIZE;

        /** By it. */
        public Comparator<RunSummary> order() {
            Comparator<RunSummary> order = switch (this) {
                case DATE -> Comparator.comparing(RunSummary::modified).reversed();
                case NAME -> Comparator.comparing(run -> run.path().toString());
                case STATUS -> Comparator.comparing(RunSummary::status);
                case MODEL -> Comparator.comparing(RunSummary::model);
                case DATA -> Comparator.comparing(RunSummary::data);
                case EPOCHS -> Comparator.comparing(RunSummary::epochs).reversed();
                // Nats are not compared with bits/dim; what has no value comes last.
                case BEST ->
                    Comparator.comparing((RunSummary run) ->
                                    run.best() == null ? LAST : run.best().unit())
                            .thenComparing(
                                    run -> run.best() == null ? 0.0 : run.best().value());
                case EVALUATION ->
                    Comparator.comparing((RunSummary run) -> likelihood(run)
                                    .map(Evaluation.Quantity::unit)
                                    .orElse(LAST))
                            .thenComparing(run -> likelihood(run)
                                    .map(Evaluation.Quantity::mean)
                                    .orElse(0.0));
                case SIZE -> Comparator.comparing(RunSummary::bytes).reversed();
            };
            return order.thenComparing(run -> run.path().toString());
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The run's folder within the one that is listed. */
    public static String name(Path folder, RunSummary run) {
        Path within = folder.equals(run.path())
                ? run.path().toAbsolutePath().normalize().getFileName()
                : folder.relativize(run.path());
        return Printable.line(within.toString());
    }

    /** A line for each run, and below them what could not be read. */
    public List<String> lines() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADER);
        runs.forEach(run -> rows.add(row(run)));
        TextTable table = new TextTable();
        for (int i = 0; i < HEADER.size(); i++) {
            table.left(i == 0 ? 0 : 2, 0);
        }
        List<String> lines = new ArrayList<>(table.lines(rows));
        for (RunSummary run : runs) {
            run.problems().forEach(problem -> lines.add(name(folder, run) + ": " + problem));
        }
        return lines;
    }

    private List<String> row(RunSummary run) {
        boolean damaged = run.status() == RunSummary.Status.DAMAGED;
        return List.of(
                Printable.shorten(name(folder, run)),
                run.status().toString(),
                orDash(run.model()),
                orDash(run.data()),
                damaged ? "-" : run.epochs() + "/" + (run.plannedEpochs() == 0 ? "?" : run.plannedEpochs()),
                run.best() == null
                        ? "-"
                        : String.format(
                                Locale.ROOT,
                                "%.5g %s",
                                run.best().value(),
                                run.best().unit()),
                likelihood(run).map(RunsTable::text).orElse("-"),
                size(run.bytes()),
                DATE.format(run.modified().atZone(ZoneId.systemDefault())));
    }

    private static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }

    /** Of the first evaluation that has one, the test images' before others. */
    private static Optional<Evaluation.Quantity> likelihood(RunSummary run) {
        return run.evaluations().stream()
                .flatMap(evaluation -> evaluation.quantities().stream())
                .filter(quantity -> LIKELIHOODS.contains(quantity.name()) && quantity.mean() != null)
                .findFirst();
    }

    private static String text(Evaluation.Quantity quantity) {
        String error = quantity.standardError() == null
                ? ""
                : String.format(Locale.ROOT, " +- %.2g", quantity.standardError());
        return String.format(Locale.ROOT, "%s %.5g%s", quantity.name(), quantity.mean(), error);
    }

    private static String size(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }
}
