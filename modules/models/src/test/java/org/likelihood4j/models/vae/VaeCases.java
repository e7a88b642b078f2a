package org.likelihood4j.models.vae;

import java.util.List;
import java.util.Optional;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.models.ModelCase;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.LayerFactory;
import org.likelihood4j.models.layers.Mlp;
import org.likelihood4j.models.vae.likelihood.BernoulliPixels;
import org.likelihood4j.models.vae.likelihood.Binarization;
import org.likelihood4j.models.vae.likelihood.Likelihood;

/** VAEs whose contract is tested. */
final class VaeCases {
    static final Mlp.Hidden TANH = hidden(Activation.TANH, 3);
    /** The same, told one of three classes. */
    static final LayerFactory TOLD = TANH.given(new FunctionInput.Condition("label", 3));

    static final Likelihood PIXELS = new BernoulliPixels(Binarization.DYNAMIC);
    static final VaeOptions.KlReport DRAWS = new VaeOptions.KlReport(true, 2);

    private VaeCases() {}

    static Mlp.Hidden hidden(Activation activation, Integer... widths) {
        return new Mlp.Hidden(List.of(widths), activation);
    }

    static Objective sampled(int importanceSamples) {
        return new Objective(KlEstimator.SAMPLED, importanceSamples, false, 0);
    }

    static Objective path(int importanceSamples) {
        return new Objective(KlEstimator.PATH, importanceSamples, false, 0);
    }

    /** Of another likelihood, with N(0, I) as its prior and the ELBO with the analytic KL as its objective. */
    static ModelCase likelihood(String name, EventShape shape, int latent, Likelihood likelihood, Mlp.Hidden hidden) {
        return new ModelCase(
                name, 256, type -> new GaussianVae(new VaeOptions(shape, latent, hidden, hidden, likelihood, type)));
    }

    /** Of dynamically binarised pixels, with another prior or objective. */
    static ModelCase objective(
            String name, int dimension, int latent, Prior prior, Objective objective, int reportDraws) {
        return new ModelCase(
                name,
                256,
                type -> new GaussianVae(new VaeOptions(
                        EventShape.row(dimension),
                        latent,
                        TANH,
                        TANH,
                        PIXELS,
                        prior,
                        objective,
                        new VaeOptions.KlReport(true, reportDraws),
                        type)));
    }

    /** Of four pixels and three latents, with networks that may be told a class, and a flow as its posterior, if there is one. */
    static ModelCase flows(
            String name, Optional<PosteriorFlow> posterior, Prior prior, LayerFactory network, Objective objective) {
        return new ModelCase(
                name,
                256,
                type -> new GaussianVae(new VaeOptions(
                        EventShape.row(4), 3, network, network, PIXELS, posterior, prior, objective, DRAWS, type)));
    }
}
