package org.likelihood4j.cli.commands;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.likelihood4j.cli.terminal.UserError;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.data.csv.CsvWriter;
import org.likelihood4j.inference.Estimate;
import org.likelihood4j.inference.ImportanceEstimate;
import org.likelihood4j.inference.InputData;
import org.likelihood4j.inference.NoiseSource;
import org.likelihood4j.inference.OpenedFlow;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.OpenedVae;
import org.likelihood4j.runs.statistics.Moments;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The likelihood of each example, a row each, written as it is computed; docs/score.md explains the columns.
 *
 * <pre>
 * all             index, file (of pictures), the ids of rows, label, ..., note
 * flow of images  log_likelihood [nats], bits_per_dim
 * flow of rows    log_likelihood
 * flow, K > 1     the same, and standard_error, bound, bound_error [nats], effective_draws
 * VAE             log_likelihood, standard_error, elbo, elbo_error [nats], effective_draws
 * </pre>
 */
final class ScoreTable {
    /** Beyond what the model's precision can hold: minus infinity stands for the log-likelihood. */
    private static final String OVERFLOW = "overflow";

    /** A draw's weight is 0 in the model's precision: minus infinity stands for the bound, not for the log-likelihood. */
    private static final String BOUND_OVERFLOW = "_overflow";

    private static final Set<String> BOUNDS = Set.of("elbo", "bound");

    /** The standard error means little. */
    private static final String FEW_DRAWS = "few_draws";

    /** Examples between two reports of progress. */
    private static final int PART = 512;

    /** Means are told of these. */
    private static final List<String> TOLD = List.of("log_likelihood", "bits_per_dim", "elbo", "bound");

    private final OpenedModel model;
    private final int draws;
    private final NoiseSource noise;
    private final Map<String, Moments> moments = new LinkedHashMap<>();
    private int rows;
    private int overflows;
    private int boundOverflows;
    private int fewDraws;

    /** @throws UserError if the model has no likelihood */
    ScoreTable(OpenedModel model, int draws, NoiseSource noise) {
        this.model = model;
        this.draws = draws;
        this.noise = noise;
        values().forEach(column -> moments.put(column, new Moments()));
    }

    private List<String> values() {
        if (model instanceof OpenedVae) {
            return List.of("log_likelihood", "standard_error", "elbo", "elbo_error", "effective_draws");
        } else if (model instanceof OpenedFlow flow) {
            List<String> names = new ArrayList<>(List.of("log_likelihood"));
            if (flow.bitsPerDimension().isPresent()) {
                names.add("bits_per_dim");
            }
            if (isEstimate(flow)) {
                names.addAll(List.of("standard_error", "bound", "bound_error", "effective_draws"));
            }
            return names;
        }
        throw new UserError(
                "the model has no likelihood: what it says of an example is the log of no probability, so there is"
                        + " nothing to score (a VAE has none with binarization: none)");
    }

    private boolean isEstimate(OpenedFlow flow) {
        return draws > 1 && flow.hasNoise();
    }

    /** @throws UserError if the likelihood is not an estimate of several draws */
    void requireDraws() {
        if (model instanceof OpenedFlow flow && !flow.hasNoise()) {
            throw new UserError(
                    "--importance-samples is for estimates by draws; a flow's density of real numbers is exact");
        }
    }

    List<String> columns(InputData input) {
        List<String> columns = new ArrayList<>(List.of("index"));
        if (!input.files().isEmpty()) {
            columns.add("file");
        }
        columns.addAll(input.ids().keySet());
        columns.add("label");
        columns.addAll(values());
        columns.add("note");
        return columns;
    }

    /** Scores examples, whose noise is that of their place in the set. */
    void write(InputData input, CsvWriter.Rows out, ProgressListener progress) throws IOException {
        Examples set = input.examples();
        for (int from = 0; from < set.size(); from += PART) {
            Examples part = set.slice(from, Math.min(set.size(), from + PART));
            List<INDArray> computed = compute(part, noise.startingAt(from));
            for (int i = 0; i < part.size(); i++) {
                List<Object> row = new ArrayList<>(List.of(input.places().get(from + i)));
                if (!input.files().isEmpty()) {
                    row.add(input.files().get(from + i));
                }
                int at = from + i;
                input.ids().values().forEach(cells -> row.add(cells.get(at)));
                row.add(input.labels().isEmpty() ? "" : input.labels().get(from + i));
                int example = i;
                row.addAll(cells(computed.stream()
                        .mapToDouble(column -> column.getDouble(example))
                        .toArray()));
                out.add(row);
            }
            computed.forEach(INDArray::close);
            progress.progress("scores", from + part.size(), set.size());
        }
    }

    /**
     * The cells of an example, with its note; counts it, and adds what is finite to the means.
     *
     * @param computed a value for each of {@link #values}
     */
    List<Object> cells(double[] computed) {
        List<String> names = values();
        List<Object> cells = new ArrayList<>();
        rows++;
        if (!Double.isFinite(computed[0])) {
            requireFiniteWeights();
            overflows++;
            names.forEach(name -> cells.add(beyond(name)));
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
                if (BOUNDS.contains(name)) {
                    notes.add(name + BOUND_OVERFLOW);
                    boundOverflows++;
                }
            }
            if (draws > 1 && name.equals("effective_draws") && value < ImportanceEstimate.FEW_DRAWS) {
                notes.add(FEW_DRAWS);
                fewDraws++;
            }
        }
        cells.add(String.join(" ", notes));
        return cells;
    }

    private String bound() {
        return model instanceof OpenedVae ? "elbo" : "bound";
    }

    private static Object beyond(String column) {
        return switch (column) {
            case "log_likelihood", "elbo", "bound" -> Double.NEGATIVE_INFINITY;
            case "bits_per_dim" -> Double.POSITIVE_INFINITY;
            default -> "";
        };
    }

    private void requireFiniteWeights() {
        if (overflows == 0 && !model.hasFiniteWeights()) {
            throw new UserError(
                    "the model is broken: some of its weights are not finite; choose another checkpoint with"
                            + " --checkpoint");
        }
    }

    private List<INDArray> compute(Examples part, NoiseSource from) {
        if (model instanceof OpenedVae vae) {
            ImportanceEstimate weighted = vae.logProb(part, draws, from);
            Estimate elbo = weighted.bound();
            return List.of(
                    weighted.logProb(),
                    weighted.standardError(),
                    elbo.value(),
                    elbo.standardError(),
                    weighted.effectiveDraws());
        }
        OpenedFlow flow = (OpenedFlow) model;
        Optional<ImportanceEstimate> estimate =
                isEstimate(flow) ? Optional.of(flow.logProb(part, draws, from)) : Optional.empty();
        List<INDArray> columns = new ArrayList<>();
        columns.add(estimate.map(ImportanceEstimate::logProb).orElseGet(() -> flow.logProb(part, from)));
        flow.bitsPerDimension().ifPresent(scale -> columns.add(columns.get(0).mul(-scale)));
        estimate.ifPresent(of -> columns.addAll(
                List.of(of.standardError(), of.bound().value(), of.bound().standardError(), of.effectiveDraws())));
        return columns;
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
                    model.config().precision().outsideOfSteps(),
                    OVERFLOW));
        }
        if (boundOverflows > 0) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%,d of %,d %s have draws whose log-weight overflows %s: their %s is written as -Infinity, note: %s",
                    boundOverflows,
                    rows,
                    noun,
                    model.config().precision().outsideOfSteps(),
                    bound(),
                    bound() + BOUND_OVERFLOW));
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
                    draws,
                    FEW_DRAWS));
        }
        return lines;
    }
}
