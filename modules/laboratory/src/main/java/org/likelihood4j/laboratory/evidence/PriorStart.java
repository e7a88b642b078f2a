package org.likelihood4j.laboratory.evidence;

import java.util.Arrays;
import java.util.function.Function;

/**
 * The prior (Wu et al. 2017): {@code f_beta(z) = p(z) p(x|z)^beta}. Scales go from 1 to the posterior's.
 *
 * @param posterior an idea of the posterior, for scales
 * @param draws latents of the prior for noise
 */
public record PriorStart(DiagonalPosteriors posterior, Function<ChainNoise, double[]> draws) implements StartDensity {
    @Override
    public double[] logDensity(LatentPoint point) {
        return point.logPrior().clone();
    }

    @Override
    public double[] slope(LatentPoint point) {
        return point.priorSlope().clone();
    }

    @Override
    public double[] draw(ChainNoise noise) {
        return draws.apply(noise);
    }

    /** Of Gaussians the standard deviation of {@code p0^(1 - beta) p^beta}. */
    @Override
    public double[] scale(double beta) {
        return Arrays.stream(posterior.logSigma())
                .map(logSigma -> 1 / Math.sqrt(1 - beta + beta * Math.exp(-2 * logSigma)))
                .toArray();
    }
}
