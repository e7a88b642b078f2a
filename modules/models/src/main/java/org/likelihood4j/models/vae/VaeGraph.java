package org.likelihood4j.models.vae;

import java.util.Optional;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.models.densities.DiagonalGaussian;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.likelihood4j.models.layers.Layer;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * The parts of a VAE's functions in one graph: data to posterior, posterior to draws, and their
 * densities.
 */
record VaeGraph(GraphBuilder g, VaeOptions options, Layer encoder, Layer decoder) {
    /** The same for what has k rows for each example. */
    VaeGraph repeated(int k) {
        return new VaeGraph(g.repeated(k), options, encoder, decoder);
    }

    SDVariable data() {
        String name = options.likelihood().ofPixels() ? "pixels" : "values";
        return g.input(new FunctionInput.Data(name, options.shape()));
    }

    /** The data as the likelihood sees it, and q(z|x). */
    record Posterior(SDVariable x, DiagonalGaussian q) {}

    Posterior posterior() {
        SDVariable x = options.likelihood().observe(g, data(), options.shape());
        SDVariable head = encoder.apply(g, x);
        int latent = options.latent();
        return new Posterior(
                x,
                DiagonalGaussian.learned(
                        g,
                        options.latentShape(),
                        StableOps.columns(head, 0, latent),
                        StableOps.columns(head, latent, 2 * latent)));
    }

    /** The reconstruction's noise: k draws for each example, {@code [N k, latent]}. */
    SDVariable noise(int k) {
        return noise("posterior", k);
    }

    SDVariable noise(String name, int draws) {
        int latent = options.latent();
        SDVariable noise =
                g.input(new FunctionInput.NoiseInput(name, EventShape.row(draws * latent), Noise.NORMAL, Renewal.DRAW));
        return draws == 1 ? noise : noise.reshape(-1, latent);
    }

    SDVariable mean(SDVariable z) {
        return options.likelihood().mean(g, decoder.apply(g, z), options.shape());
    }

    SDVariable drawn(SDVariable z) {
        return options.likelihood().draw(g, decoder.apply(g, z), options.shape());
    }

    /**
     * k draws z of each posterior.
     *
     * @param x each example k times, {@code [N k, size]}
     * @param q each posterior k times, as the gradient sees it
     * @param z {@code [N k, latent]}
     * @param logLikelihood {@code log p(x|z) [N k]}
     * @param sampledKl {@code log q(z|x) - log p(z) [N k]}
     */
    record Draw(SDVariable x, DiagonalGaussian q, SDVariable z, SDVariable logLikelihood, SDVariable sampledKl) {
        SDVariable logWeight() {
            return logLikelihood.sub(sampledKl);
        }
    }

    Draw draw(Posterior posterior, int k, KlEstimator estimator) {
        DiagonalGaussian q = posterior.q().repeated(k);
        SDVariable z = q.sample(noise(k));
        SDVariable x = StableOps.repeatRows(posterior.x(), options.shape().size(), k);
        return repeated(k).at(x, seen(q, estimator), z);
    }

    Draw at(SDVariable x, DiagonalGaussian q, SDVariable z) {
        SDVariable logLikelihood = options.likelihood()
                .density(g, decoder.apply(g, z), options.shape())
                .logProb(x);
        return new Draw(x, q, z, logLikelihood, sampledKl(q, z));
    }

    /** The posterior as the gradient of an estimator's sampled KL sees it. */
    static DiagonalGaussian seen(DiagonalGaussian q, KlEstimator estimator) {
        return estimator == KlEstimator.PATH ? q.stopped() : q;
    }

    /** {@code [N, latent]}, where there is a closed form. */
    Optional<SDVariable> analyticKlPerDimension(DiagonalGaussian q) {
        return options.factorizedPrior().map(prior -> prior.klPerDimension(g, q));
    }

    /** Of a prior that has a closed form. */
    SDVariable sampledKlVariancePerDimension(DiagonalGaussian q) {
        return options.factorizedPrior().orElseThrow().sampledKlVariancePerDimension(g, q);
    }

    /**
     * {@code log q(z|x) - log p(z)} of each row: one sum over dimensions where both densities
     * factorise.
     */
    SDVariable sampledKl(DiagonalGaussian q, SDVariable z) {
        return options.factorizedPrior()
                .map(prior -> StableOps.sumPerExample(prior.sampledKlPerDimension(g, q, z), options.latentShape()))
                .orElseGet(() -> q.logProb(z).sub(options.prior().logProb(g, z)));
    }
}
