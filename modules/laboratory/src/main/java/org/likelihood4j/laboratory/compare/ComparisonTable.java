package org.likelihood4j.laboratory.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.io.TextTable;
import org.likelihood4j.runs.Evaluation;
import org.likelihood4j.runs.statistics.MeanAndError;

/**
 * A comparison's results for people, a line for each variant.
 *
 * <p>All errors are over seeds. The test images are the same ones in every run, so the choice of images is no part of them; and
 * since all variants of a seed share their noise and the order of their images, the difference at the same seed is usually
 * known much better than either value.
 */
public final class ComparisonTable {
    private static final String ABSENT = "-";
    private static final String REFERENCE = "reference";

    private final ComparisonPlan plan;
    private final List<Row> rows;

    /** A variant with its results, one for each seed that has one. */
    private record Row(ComparisonPlan.Variant variant, List<ComparisonResult> results) {
        Optional<ComparisonResult> at(long seed) {
            return results.stream().filter(result -> result.seed() == seed).findFirst();
        }

        long diverged() {
            return results.stream().filter(ComparisonResult::diverged).count();
        }

        boolean has(String quantity) {
            return results.stream().anyMatch(result -> result.compared(quantity).isPresent());
        }

        /** Of what is finished and has not diverged. */
        double[] values(ToDoubleFunction<ComparisonResult> value) {
            return results.stream()
                    .filter(result -> result.evaluation() != null)
                    .mapToDouble(value)
                    .toArray();
        }
    }

    private record Column(String header, Function<Row, String> cell) {}

    ComparisonTable(ComparisonPlan plan, List<ComparisonResult> results) {
        this.plan = plan;
        this.rows = plan.variants().stream()
                .map(variant -> new Row(
                        variant,
                        results.stream()
                                .filter(result -> result.variant().equals(variant.label()))
                                .toList()))
                .toList();
    }

    /** The table, and below it what its numbers are. */
    public List<String> lines() {
        List<Column> columns = columns();
        List<List<String>> cells = new ArrayList<>();
        cells.add(columns.stream().map(Column::header).toList());
        rows.forEach(row -> cells.add(
                columns.stream().map(column -> column.cell().apply(row)).toList()));
        TextTable table = new TextTable().left(0, 0);
        columns.stream().skip(1).forEach(column -> table.right(2, 0));
        List<String> lines = new ArrayList<>(table.lines(cells));
        lines.add("");
        lines.addAll(notes());
        return lines;
    }

    /** What went wrong in some runs, a line each; empty if all is well. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (Row row : rows) {
            for (ComparisonResult result : row.results()) {
                if (result.diverged()) {
                    problems.add(result.folder() + ": " + result.problem());
                } else if (result.evaluation() != null && !result.evaluation().finite()) {
                    problems.add(result.folder() + ": some values of its evaluation are not finite");
                }
            }
        }
        return problems;
    }

    private List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("variant", row -> row.variant().row()));
        for (String name : quantities()) {
            // bits/dim are small numbers.
            int decimals = name.equals(ComparisonResult.BITS) ? 4 : 2;
            String unit = name.equals(ComparisonResult.BITS) ? "bits/dim" : "nats";
            columns.add(new Column(name + " [" + unit + "]", row -> mean(row, name, decimals)));
            columns.add(new Column("difference [" + unit + "]", row -> difference(row, name, decimals)));
        }
        if (hasVae()) {
            columns.add(new Column("grad var mu", row -> gradientVariance(row, GradientVariance::mu)));
            columns.add(new Column("grad var sigma", row -> gradientVariance(row, GradientVariance::sigma)));
        }
        columns.add(new Column("step [s]", row -> median(row, ComparisonTable::secondsPerStep)));
        columns.add(new Column("training [s]", row -> median(row, ComparisonResult::seconds)));
        return columns;
    }

    /** Those that a run has; where none has any, all diverged, and the column is to say so. */
    private List<String> quantities() {
        List<String> found = ComparisonResult.QUANTITIES.stream()
                .filter(name -> rows.stream().anyMatch(row -> row.has(name)))
                .toList();
        return found.isEmpty() ? ComparisonResult.QUANTITIES.subList(0, 1) : found;
    }

    private boolean hasVae() {
        return rows.stream().anyMatch(row -> row.variant().config().model() instanceof ModelConfig.Vae);
    }

    private static String mean(Row row, String name, int decimals) {
        if (row.diverged() > 0) {
            return row.diverged() + " of " + row.results().size() + " diverged";
        }
        return row.has(name)
                ? MeanAndError.of(row.values(result -> value(result, name))).text(decimals)
                : ABSENT;
    }

    /** The paired difference: both values of a seed, then the mean over the seeds. */
    private String difference(Row row, String name, int decimals) {
        Row first = rows.get(0);
        if (row.equals(first)) {
            return REFERENCE;
        }
        if (!row.has(name) || !first.has(name)) {
            return ABSENT;
        }
        double[] differences = plan.seeds().stream()
                .filter(seed -> row.at(seed).isPresent() && first.at(seed).isPresent())
                .mapToDouble(seed -> value(row.at(seed).orElseThrow(), name)
                        - value(first.at(seed).orElseThrow(), name))
                .toArray();
        MeanAndError paired = MeanAndError.of(differences);
        return Double.isFinite(paired.mean()) ? paired.text(decimals) : ABSENT;
    }

    /** NaN where the run diverged or the evaluation met values that are not finite. */
    private static double value(ComparisonResult result, String name) {
        return result.compared(name).map(Evaluation.Quantity::mean).orElse(Double.NaN);
    }

    private static String gradientVariance(Row row, ToDoubleFunction<GradientVariance> part) {
        double[] values = row.values(result ->
                result.gradientVariance() == null ? Double.NaN : part.applyAsDouble(result.gradientVariance()));
        return significant(MeanAndError.of(values).mean());
    }

    private static double secondsPerStep(ComparisonResult result) {
        return result.secondsPerStep() == null ? Double.NaN : result.secondsPerStep();
    }

    private static String median(Row row, ToDoubleFunction<ComparisonResult> value) {
        return significant(StepTimer.median(row.values(value)));
    }

    private static String significant(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.3g", value) : ABSENT;
    }

    private List<String> notes() {
        List<Long> seeds = plan.seeds();
        boolean one = seeds.size() == 1;
        List<String> notes = new ArrayList<>();
        notes.add(
                one
                        ? "1 seed (" + seeds.get(0) + "), so no error is known"
                        : seeds.size() + " seeds (" + seeds.get(0) + " to " + seeds.get(seeds.size() - 1)
                                + "): mean +- standard error over seeds");
        notes.add("difference: from " + rows.get(0).variant().row()
                + " at the same seed"
                + (one ? "" : ", mean +- standard error of the " + seeds.size() + " differences"));
        notes.add("better is: "
                + quantities().stream()
                        .map(name -> (name.equals("elbo") ? "higher " : "lower ") + name)
                        .collect(Collectors.joining(", ")));
        if (hasVae()) {
            notes.add(
                    "grad var: of the gradient of -log p(x|z) + KL with respect to an image's mu and sigma, over draws of z, summed over"
                            + " dimensions; mean over images and seeds");
            notes.add(
                    "          by the variant's own estimator where its own training ended, so of different posteriors; - for other losses");
        }
        notes.add(
                "step: median over a run's steps; training: the whole of it, with validation; both: median over seeds");
        problems().forEach(problem -> notes.add("problem: " + problem));
        return notes;
    }
}
