package org.likelihood4j.models.densities;

import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * N(mean, diag(exp(logVariance))), mean and log-variance {@code [N, size]}. Its noise is N(0, 1):
 * {@code x = mean + sigma * noise}.
 */
public final class DiagonalGaussian implements FactorizedDensity {
    /**
     * sigma = 3e-7: a smaller one is lost where z = mean + sigma * noise of the size of 1 is
     * rounded to float32.
     */
    public static final double SMALLEST_LOG_VARIANCE = -30;

    /**
     * sigma = 22,026: no posterior's, and its KL of 2.4e8 nats and the squares of its draws stay
     * far within float32.
     */
    public static final double LARGEST_LOG_VARIANCE = 20;

    private final GraphBuilder g;
    private final EventShape shape;
    private final SDVariable mean;
    private final SDVariable logVariance;
    /**
     * Shared by the draws and the formulas: each operation of a graph costs time, though one that
     * no output needs is not run.
     */
    private final SDVariable sigma;

    public DiagonalGaussian(GraphBuilder g, EventShape shape, SDVariable mean, SDVariable logVariance) {
        this(g, shape, mean, logVariance, g.sameDiff().math().exp(logVariance.mul(0.5)));
    }

    /**
     * With a learned log-variance, clamped to [{@value #SMALLEST_LOG_VARIANCE}, {@value
     * #LARGEST_LOG_VARIANCE}] so that neither exp(logVariance) nor exp(-logVariance) can leave
     * float32. The gradient is that without the clamp at the clamped value ({@link
     * StableOps#clamp}): there the KL's, (sigma^2 - 1)/2, leads back.
     */
    public static DiagonalGaussian learned(GraphBuilder g, EventShape shape, SDVariable mean, SDVariable logVariance) {
        return new DiagonalGaussian(g, shape, mean, clamped(logVariance));
    }

    /** With one sigma for all of an event's numbers. */
    public static DiagonalGaussian around(GraphBuilder g, EventShape shape, SDVariable mean, double sigma) {
        SDVariable logVariance = g.sameDiff().zerosLike(mean).add(2 * Math.log(sigma));
        return new DiagonalGaussian(g, shape, mean, logVariance);
    }

    /** A learned log-variance within the bounds of {@link #learned}, any shape. */
    public static SDVariable clamped(SDVariable logVariance) {
        return StableOps.clamp(logVariance, SMALLEST_LOG_VARIANCE, LARGEST_LOG_VARIANCE);
    }

    private DiagonalGaussian(
            GraphBuilder g, EventShape shape, SDVariable mean, SDVariable logVariance, SDVariable sigma) {
        this.g = g;
        this.shape = shape;
        this.mean = mean;
        this.logVariance = logVariance;
        this.sigma = sigma;
    }

    @Override
    public EventShape shape() {
        return shape;
    }

    public SDVariable mean() {
        return mean;
    }

    public SDVariable logVariance() {
        return logVariance;
    }

    /** {@code sum over dimensions of -1/2 ((x - mean)^2 / sigma^2 + log sigma^2 + log(2 pi))}. */
    @Override
    public SDVariable logProb(SDVariable x) {
        SDVariable exponent = squaredDistance(x).add(logVariance);
        return StableOps.sumPerExample(exponent, shape).mul(-0.5).sub(0.5 * shape.size() * StandardNormal.LOG_2_PI);
    }

    @Override
    public SDVariable logProbs(SDVariable x) {
        return squaredDistance(x).add(logVariance).add(StandardNormal.LOG_2_PI).mul(-0.5);
    }

    @Override
    public int parts() {
        return shape.size();
    }

    /**
     * {@code (x - mean)^2 / sigma^2 [N, size]}; by sigma^2 itself its gradient, which squares the
     * divisor, would overflow.
     */
    private SDVariable squaredDistance(SDVariable x) {
        SDVariable distance = x.sub(mean).div(sigma);
        return distance.mul(distance);
    }

    /**
     * The same distribution as seen by a gradient that must not reach its mean and variance. The
     * gradient of its {@link #logProb} at a draw of this distribution is the path derivative
     * (Roeder et al. 2017): through the draw only.
     */
    public DiagonalGaussian stopped() {
        return new DiagonalGaussian(
                g,
                shape,
                StableOps.stopGradient(mean),
                StableOps.stopGradient(logVariance),
                StableOps.stopGradient(sigma));
    }

    /** Every row {@code times} times, {@code [N * times, size]}. */
    public DiagonalGaussian repeated(int times) {
        return times == 1
                ? this
                : new DiagonalGaussian(
                        g,
                        shape,
                        StableOps.repeatRows(mean, shape.size(), times),
                        StableOps.repeatRows(logVariance, shape.size(), times));
    }

    @Override
    public SDVariable sample(SDVariable noise) {
        return mean.add(sigma.mul(noise));
    }

    /**
     * {@code KL(N(mean, sigma^2) || N(0, 1))} of each dimension {@code [N, size]}, nats: {@code 1/2
     * (sigma^2 + mean^2 - log sigma^2 - 1)}. The KL of the whole vector is their sum, since both
     * densities factorise.
     */
    public SDVariable klToStandardNormal() {
        SDVariable variance = g.sameDiff().math().exp(logVariance);
        return variance.add(mean.mul(mean)).sub(logVariance).sub(1).mul(0.5);
    }

    /**
     * What {@link #klToStandardNormal} is the expectation of: {@code log N(z; mean, sigma^2) - log
     * N(z; 0, 1)} of each dimension {@code [N, size]}, in which log(2 pi) cancels: {@code 1/2 (z^2
     * - (z - mean)^2 / sigma^2 - log sigma^2)}.
     */
    public SDVariable sampledKlToStandardNormal(SDVariable z) {
        return z.mul(z).sub(squaredDistance(z)).sub(logVariance).mul(0.5);
    }

    /**
     * The variance of {@link #sampledKlToStandardNormal} over z of each dimension {@code [N,
     * size]}, nats^2. At {@code z = mean + sigma eps} that is {@link #klToStandardNormal} {@code +
     * 1/2 (sigma^2 - 1) (eps^2 - 1) + mean sigma eps}, two terms that are not correlated: {@code
     * 1/2 (sigma^2 - 1)^2 + mean^2 sigma^2}.
     */
    public SDVariable sampledKlToStandardNormalVariance() {
        SDVariable variance = g.sameDiff().math().exp(logVariance);
        SDVariable excess = variance.sub(1);
        return excess.mul(excess).mul(0.5).add(mean.mul(mean).mul(variance));
    }
}
