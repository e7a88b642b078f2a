package org.likelihood4j.inference;

import org.likelihood4j.data.Examples;
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
}
