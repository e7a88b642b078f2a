package org.likelihood4j.cli;

import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.training.Estimate;
import org.likelihood4j.training.ImportanceEstimate;
import org.likelihood4j.training.NoiseSource;
import org.likelihood4j.training.OpenedFlow;
import org.likelihood4j.training.OpenedModel;
import org.likelihood4j.training.OpenedVae;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The likelihood of each example of a set, a row each.
 *
 * <pre>
 * flow of images  index, label, log_likelihood [nats], bits_per_dim
 * flow of rows    index, label, log_likelihood
 * VAE             index, label, elbo, log_likelihood, standard_error [nats], effective_draws
 * </pre>
 *
 * @param rows index and label, then a number for each further column
 * @param notFinite how many rows have a number that is not finite where there should be one
 */
record ScoreTable(List<String> columns, List<List<?>> rows, int notFinite) {
    /** Examples between two reports of progress. */
    private static final int PART = 512;

    /** Scores a set, whose noise is that of its own indices. */
    static ScoreTable of(OpenedModel model, Examples set, int draws, NoiseSource noise, ProgressListener progress) {
        List<String> columns = columns(model);
        List<List<?>> rows = new ArrayList<>(set.size());
        int notFinite = 0;
        for (int from = 0; from < set.size(); from += PART) {
            Examples part = set.slice(from, Math.min(set.size(), from + PART));
            List<INDArray> values = values(model, part, draws, noise.startingAt(from));
            for (int i = 0; i < part.size(); i++) {
                List<Object> row = new ArrayList<>(List.of(from + i, part.label(i)));
                boolean finite = true;
                for (int column = 0; column < values.size(); column++) {
                    double value = values.get(column).getDouble(i);
                    // A single draw has no standard error: its field stays empty.
                    boolean none = columns.get(2 + column).equals("standard_error") && draws == 1;
                    row.add(none ? "" : value);
                    finite &= none || Double.isFinite(value);
                }
                notFinite += finite ? 0 : 1;
                rows.add(row);
            }
            progress.progress("scores", from + part.size(), set.size());
        }
        return new ScoreTable(columns, rows, notFinite);
    }

    private static List<String> columns(OpenedModel model) {
        List<String> columns = new ArrayList<>(List.of("index", "label"));
        if (model instanceof OpenedVae) {
            columns.addAll(List.of("elbo", "log_likelihood", "standard_error", "effective_draws"));
        } else if (model instanceof OpenedFlow flow) {
            columns.add("log_likelihood");
            if (flow.bitsPerDimension().isPresent()) {
                columns.add("bits_per_dim");
            }
        } else {
            throw new UserError(
                    "this VAE was trained on unbinarised pixels (binarization: none): its cross-entropy is the"
                            + " log of no probability, so there is nothing to score");
        }
        return columns;
    }

    private static List<INDArray> values(OpenedModel model, Examples part, int draws, NoiseSource noise) {
        if (model instanceof OpenedVae vae) {
            Estimate elbo = vae.elbo(part, 1, noise);
            ImportanceEstimate weighted = vae.logProb(part, draws, noise);
            return List.of(elbo.value(), weighted.logProb(), weighted.standardError(), weighted.effectiveDraws());
        }
        OpenedFlow flow = (OpenedFlow) model;
        INDArray logProb = flow.logProb(part, noise);
        return flow.bitsPerDimension().isPresent()
                ? List.of(logProb, logProb.mul(-flow.bitsPerDimension().getAsDouble()))
                : List.of(logProb);
    }

    /** The mean of a column. */
    double mean(String column) {
        int at = columns.indexOf(column);
        return rows.stream()
                .mapToDouble(row -> ((Number) row.get(at)).doubleValue())
                .average()
                .orElse(Double.NaN);
    }
}
