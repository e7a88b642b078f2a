package org.likelihood4j.inference.alarm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.ProgressListener;
import org.likelihood4j.inference.Estimate;
import org.likelihood4j.inference.ImportanceEstimate;
import org.likelihood4j.inference.NoiseSource;
import org.likelihood4j.inference.OpenedFlow;
import org.likelihood4j.inference.OpenedModel;
import org.likelihood4j.inference.OpenedVae;
import org.likelihood4j.inference.Reconstructions;
import org.likelihood4j.inference.runtime.ExampleNumbers;
import org.likelihood4j.io.RunException;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a model says of single examples.
 *
 * <pre>
 * flow of images  log_likelihood [nats], bits_per_dim
 * flow of rows    log_likelihood
 * flow, K > 1     the same, and standard_error, bound, bound_error [nats], effective_draws
 * VAE             log_likelihood, standard_error, elbo, elbo_error [nats], effective_draws
 * </pre>
 */
public final class LikelihoodScores {
    /** The first of all columns. */
    public static final String LOG_LIKELIHOOD = "log_likelihood";

    /** Examples between two reports of progress. */
    private static final int PART = 512;

    private final OpenedModel model;
    private final int draws;
    private final NoiseSource noise;

    /**
     * Of a model.
     *
     * @param draws of an estimate; of a density that is exact there is one, whatever this says
     * @throws RunException if the model has no likelihood
     */
    public LikelihoodScores(OpenedModel model, int draws, NoiseSource noise) {
        this.model = model;
        this.draws = model instanceof OpenedFlow flow && !flow.hasNoise() ? 1 : draws;
        this.noise = noise;
        columns();
    }

    public OpenedModel model() {
        return model;
    }

    /** K of the estimate; 1 for a density that is exact. */
    public int draws() {
        return draws;
    }

    /** The seed of all noise. */
    public long seed() {
        return noise.seed();
    }

    /** What {@link #of} gives, by name. */
    public List<String> columns() {
        if (model instanceof OpenedVae) {
            return List.of(LOG_LIKELIHOOD, "standard_error", "elbo", "elbo_error", "effective_draws");
        } else if (model instanceof OpenedFlow flow) {
            List<String> names = new ArrayList<>(List.of(LOG_LIKELIHOOD));
            if (flow.bitsPerDimension().isPresent()) {
                names.add("bits_per_dim");
            }
            if (draws > 1) {
                names.addAll(List.of("standard_error", "bound", "bound_error", "effective_draws"));
            }
            return names;
        }
        throw new RunException(
                "the model has no likelihood: what it says of an example is the log of no probability, so there is"
                        + " nothing to score (a VAE has none with binarization: none)");
    }

    /** The column of the bound below the estimate, where there is one. */
    public Optional<String> bound() {
        return Stream.of("elbo", "bound").filter(columns()::contains).findFirst();
    }

    /**
     * The columns of some examples.
     *
     * @param numbers of the examples, for their noise
     * @return a column's values, one for each example, in the order of {@link #columns}
     */
    public double[][] of(Examples part, ExampleNumbers numbers) {
        List<INDArray> computed = compute(part, noise.numbered(numbers));
        double[][] columns = computed.stream().map(INDArray::toDoubleVector).toArray(double[][]::new);
        computed.forEach(INDArray::close);
        return columns;
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
                draws > 1 ? Optional.of(flow.logProb(part, draws, from)) : Optional.empty();
        List<INDArray> columns = new ArrayList<>();
        columns.add(estimate.map(ImportanceEstimate::logProb).orElseGet(() -> flow.logProb(part, from)));
        flow.bitsPerDimension().ifPresent(scale -> columns.add(columns.get(0).mul(-scale)));
        estimate.ifPresent(of -> columns.addAll(
                List.of(of.standardError(), of.bound().value(), of.bound().standardError(), of.effectiveDraws())));
        return columns;
    }

    /**
     * What the model is shown of some images, as {@link #of} gives their likelihoods: binarised, where it sees them so.
     *
     * @param numbers of the images, for their noise
     * @return intensities of each, (C, H, W)
     */
    double[][] shown(Examples part, ExampleNumbers numbers) {
        Reconstructions both = model.reconstruct(part, noise.numbered(numbers));
        both.reconstructed().close();
        double[][] seen = both.seen().reshape(part.size(), -1).toDoubleMatrix();
        both.seen().close();
        return seen;
    }

    /** Takes the columns of a part. */
    @FunctionalInterface
    public interface PartSink<E extends Exception> {
        /** Takes those of the examples {@code first} and following. */
        void take(int first, double[][] columns) throws E;
    }

    /**
     * The columns of a whole set, part after part.
     *
     * @param first the place of the set's first example in what it is a part of, for its noise
     */
    public <E extends Exception> void over(Examples set, int first, ProgressListener progress, PartSink<E> sink)
            throws E {
        for (int from = 0; from < set.size(); from += PART) {
            int to = Math.min(set.size(), from + PART);
            sink.take(from, of(set.slice(from, to), new ExampleNumbers.From(first + from)));
            progress.progress("scores", to, set.size());
        }
    }

    /** The log-likelihoods of a whole set, nats; what is not finite as it is. */
    public double[] logLikelihoods(Examples set, ProgressListener progress) {
        double[] all = new double[set.size()];
        over(set, 0, progress, (first, columns) -> System.arraycopy(columns[0], 0, all, first, columns[0].length));
        return all;
    }

    /**
     * Refuses a model whose weights are not finite: then infinite scores say nothing of the examples.
     *
     * @throws RunException if one is not
     */
    public void requireFiniteWeights() {
        if (!model.hasFiniteWeights()) {
            throw new RunException(
                    "the model is broken: some of its weights are not finite; choose another checkpoint with"
                            + " --checkpoint");
        }
    }
}
