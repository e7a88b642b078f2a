package org.likelihood4j.models.vae;

import java.util.Optional;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.models.densities.DiagonalGaussian;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.likelihood4j.models.vae.VaeGraph.Draw;
import org.likelihood4j.models.vae.VaeGraph.Posterior;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * What a VAE minimises, by its {@link Objective}, and what a step reports, all at the same
 * posteriors and draws.
 */
final class VaeLoss {
    private final VaeGraph graph;
    private final GraphBuilder g;
    private final Objective objective;
    private final int k;
    private final Posterior posterior;
    private final Draw draw;
    /** Where there is a closed form, as the next one. */
    private final Optional<SDVariable> klPerDimension;

    private final Optional<SDVariable> analyticKl;
    /** Where k is above 1. */
    private final Optional<SDVariable> iwae;

    VaeLoss(VaeGraph graph) {
        this.graph = graph;
        this.g = graph.g();
        this.objective = graph.options().objective();
        this.k = objective.importanceSamples();
        this.posterior = graph.posterior();
        this.draw = graph.draw(posterior, k, objective.estimator());
        this.klPerDimension = graph.analyticKlPerDimension(posterior.q());
        EventShape latent = graph.options().latentShape();
        this.analyticKl = klPerDimension.map(kl -> StableOps.sumPerExample(kl, latent));
        this.iwae = k == 1
                ? Optional.empty()
                : Optional.of(
                        StableOps.logSumExp(draw.logWeight().reshape(-1, k), k).sub(Math.log(k)));
    }

    /** The scalar that is minimised. */
    SDVariable loss() {
        if (k == 1) {
            return weighted();
        }
        return objective.estimator() == KlEstimator.PATH
                ? doublyReparameterized()
                : iwae.orElseThrow().mean().neg();
    }

    /** The importance-weighted bound {@code [N]}, where k is above 1. */
    Optional<SDVariable> iwae() {
        return iwae;
    }

    /** {@code log p(x|z) [N]}, the mean over the k draws. */
    SDVariable reconstruction() {
        return meanOverDraws(draw.logLikelihood(), k);
    }

    /** {@code [N]}, where there is a closed form. */
    Optional<SDVariable> analyticKl() {
        return analyticKl;
    }

    /**
     * {@code [N]}, the mean over all draws that a step has: the reconstruction's, and the report's
     * own.
     */
    SDVariable sampledKl() {
        int extra = graph.options().klReport().draws();
        SDVariable own = meanOverDraws(draw.sampledKl(), k);
        if (extra == 0) {
            return own;
        }
        DiagonalGaussian q = posterior.q().repeated(extra);
        VaeGraph.Latent latent = graph.latent(posterior, extra, q.sample(graph.noise("posterior_report", extra)));
        SDVariable others = meanOverDraws(graph.repeated(extra).sampledKl(q, latent), extra);
        return own.mul((double) k / (k + extra)).add(others.mul((double) extra / (k + extra)));
    }

    /**
     * The variance of {@link #sampledKl} {@code [N]} over its draws, for a prior that has a closed
     * form.
     */
    SDVariable sampledKlVariance() {
        int draws = k + graph.options().klReport().draws();
        SDVariable perDimension = graph.sampledKlVariancePerDimension(posterior.q());
        return StableOps.sumPerExample(perDimension, graph.options().latentShape())
                .mul(1.0 / draws);
    }

    /** {@code [N k]} to {@code [N]}. */
    private static SDVariable meanOverDraws(SDVariable perDraw, int k) {
        return k == 1 ? perDraw : perDraw.reshape(-1, k).mean(1);
    }

    /** {@code -log p(x|z) + beta KL}, with free bits if there are any. */
    private SDVariable weighted() {
        SDVariable kl;
        if (objective.freeBits() > 0) {
            kl = floored();
        } else {
            boolean analytic = objective.estimator() == KlEstimator.ANALYTIC;
            kl = (analytic ? analyticKl.orElseThrow() : draw.sampledKl()).mean();
        }
        if (objective.weighted()) {
            kl = kl.mul(g.input(new FunctionInput.Weight(GaussianVae.BETA)).mean());
        }
        return kl.sub(draw.logLikelihood().mean());
    }

    /** The batch's mean KL of each dimension, but at least the free bits, in sum. */
    private SDVariable floored() {
        SDVariable means = StableOps.meanOverRows(
                klPerDimension.orElseThrow(), graph.options().latent());
        SDVariable floor = g.sameDiff().zerosLike(means).add(objective.freeBits());
        return g.sameDiff().max(means, floor).sum();
    }

    /**
     * A scalar with the value of minus the bound and the doubly reparameterised gradient (Tucker et
     * al. 2019). With the normalised weights v_i, as constants, it is
     *
     * <pre>
     * with respect to the decoder and the prior:  sum over i of v_i   d log w_i
     * with respect to q:                          sum over i of v_i^2 d log w_i/dz_i  dz_i
     * </pre>
     *
     * <p>where log w_i depends on q through z_i only. The second v_i is brought in at z: {@code z'
     * = c + v (z - c)} with the constant c = z has the value of z and v times its gradient. Since v
     * is needed before it can be used there, the decoder runs twice.
     */
    private SDVariable doublyReparameterized() {
        SDVariable logWeight = StableOps.stopGradient(draw.logWeight().reshape(-1, k));
        SDVariable normalizer = StableOps.logSumExp(logWeight, k).reshape(-1, 1);
        SDVariable v = StableOps.stopGradient(g.sameDiff().math().exp(logWeight.sub(normalizer)));
        SDVariable drawn = draw.latent().z();
        SDVariable c = StableOps.stopGradient(drawn);
        SDVariable z = c.add(drawn.sub(c).mul(v.reshape(-1, 1)));
        SDVariable surrogate = graph.repeated(k)
                .at(draw.x(), draw.q(), VaeGraph.Latent.ofGaussian(z))
                .logWeight()
                .mul(v.reshape(-1))
                .mean()
                .mul(k);
        return StableOps.stopGradient(surrogate.sub(iwae.orElseThrow().mean())).sub(surrogate);
    }
}
