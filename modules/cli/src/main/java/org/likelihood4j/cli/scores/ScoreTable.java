package org.likelihood4j.cli.scores;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.csv.CsvWriter;
import org.likelihood4j.inference.ImportanceEstimate;
import org.likelihood4j.inference.InputData;
import org.likelihood4j.inference.alarm.LikelihoodScores;
import org.likelihood4j.runs.statistics.Moments;

/**
 * The likelihood of each example, a row each, written as it is computed; docs/score.md explains the columns.
 *
 * <pre>
 * all             index, file (of pictures), the ids of rows, label
 * then            the columns of {@link LikelihoodScores}, of a calibrated run those of {@link AlarmColumns}
 * last            note
 * </pre>
 */
final class ScoreTable {
    /** Beyond what the model's precision can hold: minus infinity stands for the log-likelihood. */
    private static final String OVERFLOW = "overflow";

    /** A draw's weight is 0 in the model's precision: minus infinity stands for the bound, not for the log-likelihood. */
    private static final String BOUND_OVERFLOW = "_overflow";

    /** The standard error means little. */
    private static final String FEW_DRAWS = "few_draws";

    /** Means are told of these. */
    private static final List<String> TOLD = List.of(LikelihoodScores.LOG_LIKELIHOOD, "bits_per_dim", "elbo", "bound");

    private final LikelihoodScores scores;
    private final Optional<AlarmColumns> alarm;
    private final Optional<ReasonColumns> reasons;
    private final Map<String, Moments> moments = new LinkedHashMap<>();
    private int rows;
    private int overflows;
    private int boundOverflows;
    private int fewDraws;

    /**
     * @param alarm of a calibrated run
     * @param reasons of alarms; only with these
     */
    ScoreTable(LikelihoodScores scores, Optional<AlarmColumns> alarm, Optional<ReasonColumns> reasons) {
        this.scores = scores;
        this.alarm = alarm;
        this.reasons = reasons;
        scores.columns().forEach(column -> moments.put(column, new Moments()));
    }

    List<String> columns(InputData input) {
        List<String> columns = new ArrayList<>(List.of("index"));
        if (!input.files().isEmpty()) {
            columns.add("file");
        }
        columns.addAll(input.ids().keySet());
        columns.add("label");
        columns.addAll(scores.columns());
        alarm.ifPresent(more -> columns.addAll(more.names()));
        reasons.ifPresent(more -> columns.addAll(more.names()));
        columns.add("note");
        return columns;
    }

    /**
     * Scores examples, whose noise is that of their place in all of them.
     *
     * @param start how many were scored before
     */
    void write(InputData input, int start, CsvWriter.Rows out, ProgressListener progress) throws IOException {
        scores.over(input.examples(), start, progress, (first, computed) -> {
            int count = computed[0].length;
            double[] strange = alarm.map(more ->
                            more.scores(computed[0], input.examples().slice(first, first + count), start + first))
                    .orElse(new double[count]);
            for (int i = 0; i < count; i++) {
                int at = first + i;
                List<Object> row = new ArrayList<>(List.of(input.places().get(at)));
                if (!input.files().isEmpty()) {
                    row.add(input.files().get(at));
                }
                input.ids().values().forEach(cells -> row.add(cells.get(at)));
                row.add(input.labels().isEmpty() ? "" : input.labels().get(at));
                int example = i;
                row.addAll(cells(
                        Arrays.stream(computed)
                                .mapToDouble(column -> column[example])
                                .toArray(),
                        strange[i]));
                reasons.ifPresent(more -> row.addAll(
                        row.size() - 1,
                        more.cells(
                                input,
                                at,
                                computed[0][example],
                                alarm.orElseThrow().isAlarm(strange[example]))));
                out.add(row);
            }
        });
    }

    /**
     * The cells of an example, with its note; counts it, and adds what is finite to the means.
     *
     * @param computed a value for each column of {@link LikelihoodScores}
     * @param strange the score by which there is an alarm; of any value without one
     */
    List<Object> cells(double[] computed, double strange) {
        List<String> names = scores.columns();
        List<Object> cells = new ArrayList<>();
        rows++;
        if (!Double.isFinite(computed[0])) {
            if (overflows++ == 0) {
                scores.requireFiniteWeights();
            }
            names.forEach(name -> cells.add(beyond(name)));
            alarm.ifPresent(more -> cells.addAll(more.cells(Double.POSITIVE_INFINITY)));
            cells.add(OVERFLOW);
            return cells;
        }
        List<String> notes = new ArrayList<>();
        for (int column = 0; column < names.size(); column++) {
            String name = names.get(column);
            double value = computed[column];
            if (Double.isFinite(value)) {
                cells.add(value);
                moments.get(name).add(value);
            } else {
                // A single draw has no standard error: its cell stays empty.
                cells.add(beyond(name));
                if (scores.bound().equals(Optional.of(name))) {
                    notes.add(name + BOUND_OVERFLOW);
                    boundOverflows++;
                }
            }
            if (scores.draws() > 1 && name.equals("effective_draws") && value < ImportanceEstimate.FEW_DRAWS) {
                notes.add(FEW_DRAWS);
                fewDraws++;
            }
        }
        alarm.ifPresent(more -> cells.addAll(more.cells(strange)));
        cells.add(String.join(" ", notes));
        return cells;
    }

    private static Object beyond(String column) {
        return switch (column) {
            case LikelihoodScores.LOG_LIKELIHOOD, "elbo", "bound" -> Double.NEGATIVE_INFINITY;
            case "bits_per_dim" -> Double.POSITIVE_INFINITY;
            default -> "";
        };
    }

    /** The means of the rows that are finite. */
    String summary(String noun) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%,d %s", rows, noun));
        if (rows > overflows) {
            moments.forEach((name, values) -> {
                if (TOLD.contains(name) && values.count() > 0) {
                    line.append(String.format(Locale.ROOT, ", mean %s %.4f", name, values.mean()));
                }
            });
        }
        return line.append(rows > overflows && overflows + boundOverflows > 0 ? " of those that are finite" : "")
                .toString();
    }

    /** What is to be said of rows that are marked. */
    List<String> warnings(String noun) {
        List<String> lines = new ArrayList<>();
        if (overflows > 0) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%,d of %,d %s are so far from the training data that %s overflows: their log_likelihood is written as"
                            + " -Infinity, note: %s",
                    overflows,
                    rows,
                    noun,
                    scores.model().config().precision().outsideOfSteps(),
                    OVERFLOW));
        }
        if (boundOverflows > 0) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%,d of %,d %s have draws whose log-weight overflows %s: their %s is written as -Infinity, note: %s",
                    boundOverflows,
                    rows,
                    noun,
                    scores.model().config().precision().outsideOfSteps(),
                    scores.bound().orElseThrow(),
                    scores.bound().orElseThrow() + BOUND_OVERFLOW));
        }
        if (fewDraws > 0) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%,d of %,d %s (%.0f%%) have fewer than %.0f effective draws of %,d, so that their standard_error means"
                            + " little, note: %s; more --importance-samples help",
                    fewDraws,
                    rows,
                    noun,
                    100.0 * fewDraws / rows,
                    ImportanceEstimate.FEW_DRAWS,
                    scores.draws(),
                    FEW_DRAWS));
        }
        return lines;
    }
}
