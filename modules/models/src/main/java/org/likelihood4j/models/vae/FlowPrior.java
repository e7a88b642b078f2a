package org.likelihood4j.models.vae;

import java.util.List;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.ModelPart;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.bijectors.coupling.CouplingStack;
import org.likelihood4j.models.bijectors.coupling.ElementwiseFamily;
import org.likelihood4j.models.densities.StandardNormal;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.Outputs;
import org.likelihood4j.models.layers.LayerFactory;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A flow over the latents: {@code log p(z) = log N(f(z); 0, I) + log|det df/dz|}, f a stack of
 * couplings whose halves take turns. It starts as N(0, I). Its KL from a Gaussian has no closed
 * form.
 */
public final class FlowPrior implements Prior {
    /**
     * The most that all couplings together may scale by. Draws of a posterior are at most about
     * exp(12) (its sigma is at most exp(10)), and the squares of what the flow makes of them, exp(2
     * * (12 + 28)), stay within float32.
     */
    public static final double LARGEST_TOTAL_LOG_SCALE = 28;

    private final EventShape.Row latent;
    private final CouplingStack couplings;
    private final double totalLogScale;

    /**
     * A chain over the latents.
     *
     * @param latent at least 2, for the two halves
     * @param conditioner the kind of every coupling's network
     * @param family of the couplings, whose log-scales must in sum not exceed {@link
     *     #LARGEST_TOTAL_LOG_SCALE}
     */
    public FlowPrior(int latent, int couplings, LayerFactory conditioner, ElementwiseFamily family) {
        if (latent < 2 || couplings < 1) {
            throw new IllegalArgumentException(
                    "a flow over latents needs at least 2 latents and 1 coupling, had " + latent + " and " + couplings);
        }
        double total = couplings * family.logScaleBound();
        if (total > LARGEST_TOTAL_LOG_SCALE) {
            throw new IllegalArgumentException("couplings x bound is " + total + ", above " + LARGEST_TOTAL_LOG_SCALE
                    + ": the squares of the latents could leave float32's range");
        }
        this.totalLogScale = total;
        this.latent = EventShape.row(latent);
        this.couplings = new CouplingStack(
                ParameterPath.root().child("prior"), this.latent, (latent + 1) / 2, couplings, conditioner, family);
    }

    @Override
    public EventShape.Row shape() {
        return latent;
    }

    @Override
    public double totalLogScale() {
        return totalLogScale;
    }

    @Override
    public List<Parameter> parameters() {
        return couplings.parameters();
    }

    @Override
    public List<ModelPart> parts() {
        return couplings.parts();
    }

    @Override
    public void report(GraphBuilder g, SDVariable z, Outputs outputs) {
        couplings.report(g, z, outputs);
    }

    @Override
    public SDVariable logProb(GraphBuilder g, SDVariable z) {
        Bijector.Result base = couplings.forward(g, z);
        return new StandardNormal(g, latent).logProb(base.value()).add(base.logDet());
    }

    @Override
    public SDVariable sample(GraphBuilder g) {
        SDVariable noise = g.input(new FunctionInput.NoiseInput(NOISE, latent, Noise.NORMAL, Renewal.DRAW));
        return couplings.inverse(g, noise).value();
    }
}
