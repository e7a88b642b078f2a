package org.likelihood4j.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.likelihood4j.runs.Evaluation;

/**
 * The number to look at first.
 *
 * @param label what it is
 * @param value lower is better
 * @param error one standard error; {@code null} if not known
 * @param unit nats or bits/dim
 * @param source where it is from
 */
public record Headline(String label, double value, Double error, String unit, String source) {
    /** In the order in which they are worth saying. */
    private static final List<String> QUANTITIES = List.of("bits_per_dim", "nll");

    private static final Map<String, String> LABELS = Map.of("bits_per_dim", "bits/dim", "nll", "\u2212log p(x)");

    /** The evaluation's likelihood, the test images' first; else the best validation loss; {@code null} if there is neither. */
    static Headline of(List<Evaluation> evaluations, Map<String, SeriesTable.Rows> tables) {
        for (Evaluation evaluation : evaluations) {
            for (String name : QUANTITIES) {
                for (Evaluation.Quantity quantity : evaluation.quantities()) {
                    if (quantity.name().equals(name) && quantity.mean() != null) {
                        return new Headline(
                                evaluation.split() + " " + LABELS.get(name),
                                quantity.mean(),
                                quantity.standardError(),
                                quantity.unit(),
                                quantity.description() + String.format(Locale.ROOT, "; %,d", evaluation.images())
                                        + " images, checkpoint " + evaluation.checkpoint());
                    }
                }
            }
        }
        Headline bits =
                best(tables.get(RunHistory.BITS), RunHistory.BITS_TOTAL, "best validation bits/dim", "bits/dim");
        return bits != null ? bits : best(tables.get("validation"), "loss", "best validation loss", "nats");
    }

    private static Headline best(SeriesTable.Rows rows, String column, String label, String unit) {
        if (rows == null || !rows.columns().containsKey(column)) {
            return null;
        }
        double[] values = rows.columns().get(column);
        int best = -1;
        for (int i = 0; i < values.length; i++) {
            if (Double.isFinite(values[i]) && (best < 0 || values[i] < values[best])) {
                best = i;
            }
        }
        return best < 0
                ? null
                : new Headline(
                        label,
                        values[best],
                        null,
                        unit,
                        "mean over the validation split after epoch " + JsonValues.plain(rows.x()[best]));
    }
}
