package org.likelihood4j.models.densities;

import org.likelihood4j.models.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * N(mean, diag(exp(logVariance))), mean and log-variance {@code [N, size]}. Its noise is N(0, 1): {@code x = mean + sigma *
 * noise}.
 */
public record DiagonalGaussian(GraphBuilder g, int size, SDVariable mean, SDVariable logVariance) implements Density {
    /** {@code sum over dimensions of -1/2 ((x - mean)^2 / sigma^2 + log sigma^2 + log(2 pi))}. */
    @Override
    public SDVariable logProb(SDVariable x) {
        return g.sumPerExample(exponent(x), size).mul(-0.5).sub(0.5 * size * StandardNormal.LOG_2_PI);
    }

    /** The terms of {@link #logProb}, {@code [N, size]}. */
    public SDVariable logProbPerDimension(SDVariable x) {
        return exponent(x).add(StandardNormal.LOG_2_PI).mul(-0.5);
    }

    private SDVariable exponent(SDVariable x) {
        SDVariable centred = x.sub(mean);
        SDVariable scaled = centred.mul(centred).mul(g.sameDiff().math().exp(logVariance.neg()));
        return scaled.add(logVariance);
    }

    /**
     * The same distribution as seen by a gradient that must not reach its mean and variance. The gradient of its {@link
     * #logProb} at a draw of this distribution is the path derivative (Roeder et al. 2017): through the draw only.
     */
    public DiagonalGaussian stopped() {
        return new DiagonalGaussian(g, size, g.stopGradient(mean), g.stopGradient(logVariance));
    }

    /** Every row {@code times} times, {@code [N * times, size]}. */
    public DiagonalGaussian repeated(int times) {
        return new DiagonalGaussian(g, size, g.repeatRows(mean, size, times), g.repeatRows(logVariance, size, times));
    }

    @Override
    public SDVariable sample(SDVariable noise) {
        return mean.add(g.sameDiff().math().exp(logVariance.mul(0.5)).mul(noise));
    }

    /**
     * {@code KL(N(mean, sigma^2) || N(0, 1))} of each dimension {@code [N, size]}, nats: {@code 1/2 (sigma^2 + mean^2 - log
     * sigma^2 - 1)}. The KL of the whole vector is their sum, since both densities factorise.
     */
    public SDVariable klToStandardNormal() {
        SDVariable variance = g.sameDiff().math().exp(logVariance);
        return variance.add(mean.mul(mean)).sub(logVariance).sub(1).mul(0.5);
    }
}
