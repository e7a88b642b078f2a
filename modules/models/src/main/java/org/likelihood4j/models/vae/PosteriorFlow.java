package org.likelihood4j.models.vae;

import java.util.List;
import java.util.Optional;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Footprint;
import org.likelihood4j.models.ModelPart;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.bijectors.coupling.AutoregressiveStack;
import org.likelihood4j.models.bijectors.coupling.CouplingStack;
import org.likelihood4j.models.bijectors.coupling.ElementwiseFamily;
import org.likelihood4j.models.bijectors.coupling.Mixing;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.Outputs;
import org.likelihood4j.models.layers.LayerFactory;
import org.likelihood4j.models.layers.Masked;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A flow behind a Gaussian posterior (Rezende and Mohamed 2015; Kingma et al. 2016), by which the
 * posterior's numbers may depend on each other:
 *
 * <pre>
 * z0 = mu(x) + sigma(x) eps,  z = f(z0; h(x))
 * log q(z|x) = log N(z0; mu, sigma^2) - log|det df/dz0|
 * </pre>
 *
 * <p>h is what the encoder tells the flow's networks beside z, the context, if anything. f goes from z0
 * to z, the way that is drawn, and starts as the identity: the posterior starts as the Gaussian. Its KL
 * from a prior is known by draws alone.
 */
public final class PosteriorFlow {
    private static final ParameterPath PATH = ParameterPath.root().child("posterior");

    private final EventShape.Row latent;
    private final int context;
    private final Bijector bijector;
    private final double totalLogScale;

    private PosteriorFlow(EventShape.Row latent, int context, Bijector bijector, double totalLogScale) {
        this.latent = latent;
        this.context = context;
        this.bijector = bijector;
        this.totalLogScale = totalLogScale;
    }

    /**
     * Couplings whose halves take turns.
     *
     * @param latent at least 2, for the two halves
     * @param context numbers of h
     * @param couplings at least 1
     * @param conditioner the kind of every coupling's network
     */
    public static PosteriorFlow ofCouplings(
            int latent, int context, int couplings, LayerFactory conditioner, ElementwiseFamily family) {
        EventShape.Row row = checked(latent, couplings);
        return new PosteriorFlow(
                row,
                context,
                new CouplingStack(PATH, row, (latent + 1) / 2, couplings, conditioner.seeing(context), family),
                couplings * family.logScaleBound());
    }

    /**
     * An inverse-autoregressive flow. To every other step the latents come in turned order, so that the
     * last ones are seen, too.
     *
     * @param latent at least 2
     * @param context numbers of h
     * @param steps at least 1
     * @param conditioner the kind of every step's network: a {@link Masked} one of the latents
     */
    public static PosteriorFlow inverseAutoregressive(
            int latent, int context, int steps, LayerFactory conditioner, ElementwiseFamily family) {
        EventShape.Row row = checked(latent, steps);
        return new PosteriorFlow(
                row,
                context,
                AutoregressiveStack.of(PATH, row, steps, conditioner.seeing(context), family, Mixing.NONE),
                steps * family.logScaleBound());
    }

    private static EventShape.Row checked(int latent, int steps) {
        if (latent < 2 || steps < 1) {
            throw new IllegalArgumentException(
                    "a posterior's flow needs at least 2 latents and 1 step, had " + latent + " and " + steps);
        }
        return EventShape.row(latent);
    }

    /** What z0 and z are. */
    EventShape.Row shape() {
        return latent;
    }

    /** Numbers of h, which the encoder makes beside the moments of z0. */
    int context() {
        return context;
    }

    /** The most by which it scales, in nats of log-scale. */
    double totalLogScale() {
        return totalLogScale;
    }

    List<Parameter> parameters() {
        return bijector.parameters();
    }

    List<ModelPart> parts() {
        return bijector.parts();
    }

    Footprint footprint() {
        return bijector.footprint();
    }

    /**
     * z {@code [N, latent]} and {@code log|det df/dz0| [N]}.
     *
     * @param h {@code [N, context]}; empty where the context is 0
     */
    Bijector.Result forward(GraphBuilder g, SDVariable z0, Optional<SDVariable> h) {
        return bijector.forward(seeing(g, h), z0);
    }

    /** Adds what its parts report at z0. */
    void report(GraphBuilder g, SDVariable z0, Optional<SDVariable> h, Outputs outputs) {
        bijector.report(seeing(g, h), z0, outputs);
    }

    private static GraphBuilder seeing(GraphBuilder g, Optional<SDVariable> h) {
        return h.map(g::seeing).orElse(g);
    }
}
