package org.likelihood4j.inference;

import java.util.OptionalDouble;
import org.likelihood4j.data.Examples;
import org.likelihood4j.models.FunctionInput;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A trained model with an exact density. A flow's is {@code log p(v) = log N(f(v); 0, I) + log|det df/dv|}.
 *
 * <p>For images {@code v = pixels + u}, with the dequantisation noise u uniform on [0, 1): log p(v) is exact given u, and its
 * expectation over u is at most the log-probability of the integer pixels. So it is of rows with columns of whole numbers or words, u
 * for these. For rows of real numbers v is the row itself, and there is no noise.
 */
public final class OpenedFlow extends OpenedModel {
    private final boolean noise;

    OpenedFlow(TrainedModel trained) {
        super(trained);
        noise = model().logWeight().inputs().stream().anyMatch(FunctionInput.NoiseInput.class::isInstance);
    }

    /** {@link #logProb(INDArray, NoiseSource)} with {@link #noise}. */
    public INDArray logProb(INDArray data) {
        return logProb(data, noise());
    }

    /**
     * The exact log-density of each example at one draw of the dequantisation noise; of rows, in the data's own units, whatever the
     * noise.
     *
     * @return {@code [N]}, DOUBLE, nats
     * @throws org.likelihood4j.data.DataException if the data do not fit
     */
    public INDArray logProb(INDArray data, NoiseSource noise) {
        return logProb(examples(data), noise);
    }

    /** The same of a set. */
    public INDArray logProb(Examples data, NoiseSource noise) {
        return vector(calls().logWeights(fitting(data), keys(noise, noise.draw())));
    }

    /** {@link #logProb(INDArray, int, NoiseSource)} with {@link #noise}. */
    public ImportanceEstimate logProb(INDArray data, int draws) {
        return logProb(data, draws, noise());
    }

    /**
     * The log of the mean density over K draws of the dequantisation noise: a tighter bound of the log-probability of what is discrete.
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

    /** Whether the density is that of data with noise, so that several draws say more than one. */
    public boolean hasNoise() {
        return noise;
    }

    /**
     * {@code bits/dim = -logProb * this}: 1/(D ln 2), for images; empty for rows, whose densities depend on their units.
     */
    public OptionalDouble bitsPerDimension() {
        return model().hasBitsPerDimension()
                ? OptionalDouble.of(1 / (model().shape().size() * Math.log(2)))
                : OptionalDouble.empty();
    }
}
