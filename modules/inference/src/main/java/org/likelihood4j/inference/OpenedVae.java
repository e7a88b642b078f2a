package org.likelihood4j.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.likelihood4j.data.Examples;
import org.likelihood4j.data.VectorShape;
import org.likelihood4j.inference.runtime.CompiledFunction;
import org.likelihood4j.inference.runtime.OutputValues;
import org.likelihood4j.random.CounterRandom;
import org.likelihood4j.runs.statistics.Moments;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A trained VAE whose p(x|z) is a likelihood, or any other model whose likelihood is bounded and estimated by draws. Nats are of x as the model sees it: the probability of binarised pixels (Bernoulli),
 * the density of intensities (Gaussian over images) or of rows in the data's own units.
 */
public final class OpenedVae extends OpenedModel {
    OpenedVae(TrainedModel trained) {
        super(trained);
    }

    /** {@link #elbo(INDArray, int, NoiseSource)} with {@link #noise}. */
    public Estimate elbo(INDArray data, int draws) {
        return elbo(data, draws, noise());
    }

    /**
     * The evidence lower bound, the mean over draws z ~ q(z|x) of {@code log p(x|z) - KL(q(z|x) || p(z))}, at most log p(x). The KL is
     * in closed form where there is one, else {@code log q(z|x) - log p(z)} at the same z. (A draw is of as many z as the training
     * takes.)
     *
     * @param draws at least 1
     * @throws IllegalArgumentException for fewer draws
     * @throws org.likelihood4j.data.DataException if the data do not fit
     */
    public Estimate elbo(INDArray data, int draws, NoiseSource noise) {
        return elbo(examples(data), draws, noise);
    }

    /** The same of a set. */
    public Estimate elbo(Examples data, int draws, NoiseSource noise) {
        requireDraws(draws);
        Examples set = fitting(data);
        double[] values = new double[set.size()];
        double[] errors = new double[set.size()];
        programs().use(ServedFunction.ELBO, program -> {
            program.overDraws(set, drawn -> {
                Moments[] moments = drawn.moments(draw -> keys(noise, draw), noise.draw(), draws);
                for (int row = 0; row < moments.length; row++) {
                    int example = drawn.batch().indices()[row];
                    values[example] = moments[row].mean();
                    errors[example] = moments[row].standardError();
                }
            });
            return null;
        });
        return new Estimate(vector(values), vector(errors));
    }

    /** {@link #logProb(INDArray, int, NoiseSource)} with {@link #noise}. */
    public ImportanceEstimate logProb(INDArray data, int draws) {
        return logProb(data, draws, noise());
    }

    /**
     * The importance-weighted estimate of log p(x): {@code log 1/K sum of w_k}, {@code log w_k = log p(x|z_k) + log p(z_k) - log
     * q(z_k|x)}, {@code z_k ~ q(z|x)}; with the mean of the same log-weights, the ELBO whose KL is sampled.
     *
     * @param draws K, at least 1
     * @throws IllegalArgumentException for fewer draws
     * @throws org.likelihood4j.data.DataException if the data do not fit
     */
    public ImportanceEstimate logProb(INDArray data, int draws, NoiseSource noise) {
        return logProb(examples(data), draws, noise);
    }

    /** The same of a set. */
    public ImportanceEstimate logProb(Examples data, int draws, NoiseSource noise) {
        return importanceWeighted(fitting(data), draws, noise);
    }

    /** Whether it can leave missing cells out, and so fill them. */
    public boolean leavesOut() {
        return config().data().hasHoles();
    }

    /**
     * Fills the missing cells of rows with what is to be expected, or with draws of it, given the cells that are there.
     *
     * @param draws K of the latent, at least 1
     * @param fillings 0 for the mean of what is missing (of words the most probable), else how many draws of it
     * @throws IllegalArgumentException for fewer, or if {@link #leavesOut} is false
     * @throws org.likelihood4j.data.DataException if the data do not fit
     */
    public CompletedRows completed(Examples data, int draws, int fillings, NoiseSource noise) {
        requireDraws(draws);
        if (fillings < 0 || !leavesOut()) {
            throw new IllegalArgumentException(
                    fillings < 0
                            ? "fillings must be at least 0, were " + fillings
                            : "the model fills no missing cells");
        }
        Examples set = fitting(data);
        VectorShape shape = (VectorShape) shape();
        int[] incomplete = IntStream.range(0, set.size())
                .filter(i -> Arrays.stream(set.values(i)).anyMatch(Double::isNaN))
                .toArray();
        List<List<double[]>> rows = new ArrayList<>(Collections.nCopies(set.size(), List.of()));
        int[] few = {0};
        if (incomplete.length == 0) {
            return new CompletedRows(rows, 0, 0);
        }
        Examples holed = set.select(incomplete);
        programs().use(ServedFunction.COMPLETE, program -> {
            program.overDraws(holed, drawn -> {
                List<Imputation> imputations = imputations(shape, holed, drawn, draws, noise);
                for (int i = 0; i < imputations.size(); i++) {
                    int example = drawn.batch().indices()[i];
                    Imputation imputation = imputations.get(i);
                    long key = CounterRandom.key(CounterRandom.key(noise.seed(), "impute"), incomplete[example]);
                    rows.set(
                            incomplete[example],
                            fillings == 0 ? List.of(imputation.expected()) : imputation.resampled(fillings, key));
                    few[0] += imputation.effectiveDraws() < ImportanceEstimate.FEW_DRAWS ? 1 : 0;
                }
            });
            return null;
        });
        return new CompletedRows(rows, incomplete.length, few[0]);
    }

    private List<Imputation> imputations(
            VectorShape shape, Examples holed, CompiledFunction.Draws drawn, int draws, NoiseSource noise) {
        int rows = drawn.batch().size();
        List<double[]> stored = new ArrayList<>();
        List<int[]> holes = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            double[] values = holed.values(drawn.batch().indices()[row]);
            stored.add(values);
            holes.add(IntStream.range(0, values.length)
                    .filter(j -> Double.isNaN(values[j]))
                    .toArray());
        }
        double[][] logWeights = new double[rows][draws];
        double[][][] cells = new double[rows][draws][];
        for (int draw = 0; draw < draws; draw++) {
            OutputValues outputs = drawn.run(keys(noise, noise.draw() + draw));
            double[] made = shape.stored(outputs.get("completed"));
            for (int row = 0; row < rows; row++) {
                int from = row * shape.size();
                logWeights[row][draw] = outputs.get("log_weight")[row];
                cells[row][draw] = IntStream.of(holes.get(row))
                        .mapToDouble(j -> made[from + j])
                        .toArray();
            }
        }
        return IntStream.range(0, rows)
                .mapToObj(row -> new Imputation(
                        shape, stored.get(row), holes.get(row), cells[row], Imputation.weights(logWeights[row])))
                .toList();
    }
}
