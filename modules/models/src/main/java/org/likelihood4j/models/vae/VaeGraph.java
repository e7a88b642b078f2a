package org.likelihood4j.models.vae;

import java.util.Optional;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.models.bijectors.Bijector;
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
        if (options.given().isPresent()) {
            return options.given().get().ofOthers(options.given().get().stored(g));
        }
        String name = options.likelihood().ofPixels() ? "pixels" : "values";
        return g.input(new FunctionInput.Data(name, options.shape()));
    }

    /**
     * What the encoder makes of data.
     *
     * @param x the data as the likelihood sees it
     * @param q the Gaussian posterior, or what a flow starts from
     * @param context what a flow is told beside it
     */
    record Posterior(SDVariable x, DiagonalGaussian q, Optional<SDVariable> context) {}

    Posterior posterior() {
        SDVariable x = options.likelihood().observe(g, data(), options.shape());
        SDVariable head = encoder.apply(g, x);
        int latent = options.latent();
        DiagonalGaussian q = DiagonalGaussian.learned(
                g,
                options.latentShape(),
                StableOps.columns(head, 0, latent),
                StableOps.columns(head, latent, 2 * latent));
        Optional<SDVariable> context = options.posteriorFlow()
                .filter(flow -> flow.context() > 0)
                .map(flow -> StableOps.columns(head, 2 * latent, 2 * latent + flow.context()));
        return new Posterior(x, q, context);
    }

    /**
     * Points of the latent space.
     *
     * @param base draws of the Gaussian, {@code [N k, latent]}
     * @param z what the posterior's flow makes of them; the same where there is none
     * @param logDet {@code log|det dz/dbase| [N k]}
     */
    record Latent(SDVariable base, SDVariable z, Optional<SDVariable> logDet) {
        static Latent ofGaussian(SDVariable z) {
            return new Latent(z, z, Optional.empty());
        }
    }

    /** k points of each posterior. */
    Latent latent(Posterior posterior, int k, SDVariable base) {
        return options.posteriorFlow()
                .map(flow -> {
                    Bijector.Result z = flow.forward(g.repeated(k), base, context(posterior, k));
                    return new Latent(base, z.value(), Optional.of(z.logDet()));
                })
                .orElseGet(() -> Latent.ofGaussian(base));
    }

    /** Each posterior's context k times. */
    Optional<SDVariable> context(Posterior posterior, int k) {
        int size = options.posteriorFlow().map(PosteriorFlow::context).orElse(0);
        return posterior.context().map(h -> StableOps.repeatRows(h, size, k));
    }

    /** What an encoding is: the posterior's mean; behind a flow there is none in closed form, and it is f(mu). */
    SDVariable encoding(Posterior posterior) {
        return latent(posterior, 1, posterior.q().mean()).z();
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

    SDVariable stored(SDVariable z) {
        return options.likelihood().stored(g, decoder.apply(g, z), options.shape());
    }

    SDVariable drawn(SDVariable z) {
        return options.likelihood().draw(g, decoder.apply(g, z), options.shape());
    }

    /**
     * k draws z of each posterior.
     *
     * @param x each example k times, {@code [N k, size of x]}
     * @param q each Gaussian k times, as the gradient sees it
     * @param latent z
     * @param logLikelihood {@code log p(x|z) [N k]}
     * @param sampledKl {@code log q(z|x) - log p(z) [N k]}
     */
    record Draw(SDVariable x, DiagonalGaussian q, Latent latent, SDVariable logLikelihood, SDVariable sampledKl) {
        SDVariable logWeight() {
            return logLikelihood.sub(sampledKl);
        }
    }

    Draw draw(Posterior posterior, int k, KlEstimator estimator) {
        DiagonalGaussian q = posterior.q().repeated(k);
        Latent latent = latent(posterior, k, q.sample(noise(k)));
        SDVariable x =
                StableOps.repeatRows(posterior.x(), options.observedShape().size(), k);
        return repeated(k).at(x, seen(q, estimator), latent);
    }

    /** {@code log p(x|z)} of rows. */
    SDVariable logLikelihood(SDVariable x, SDVariable z) {
        return options.likelihood()
                .density(g, decoder.apply(g, z), options.shape())
                .logProb(x);
    }

    Draw at(SDVariable x, DiagonalGaussian q, Latent latent) {
        return new Draw(x, q, latent, logLikelihood(x, latent.z()), sampledKl(q, latent));
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
    SDVariable sampledKl(DiagonalGaussian q, Latent latent) {
        return options.factorizedPrior()
                .map(prior ->
                        StableOps.sumPerExample(prior.sampledKlPerDimension(g, q, latent.z()), options.latentShape()))
                .orElseGet(() -> logPosterior(q, latent).sub(options.prior().logProb(g, latent.z())));
    }

    /** {@code log q(z|x)} of each row: {@code log N(z0) - log|det dz/dz0|} where there is a flow. */
    static SDVariable logPosterior(DiagonalGaussian q, Latent latent) {
        SDVariable base = q.logProb(latent.base());
        return latent.logDet().map(base::sub).orElse(base);
    }
}
