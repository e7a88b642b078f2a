package org.likelihood4j.models.vae;

import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.GraphBuilder;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.Path;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.models.bijectors.AffineCoupling;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.bijectors.Chain;
import org.likelihood4j.models.bijectors.Mask;
import org.likelihood4j.models.densities.StandardNormal;
import org.likelihood4j.models.layers.Mlp;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A RealNVP over the latents: {@code log p(z) = log N(f(z); 0, I) + log|det df/dz|}, f a chain of the project's {@link
 * AffineCoupling} blocks whose halves take turns. It starts as N(0, I). Its KL from a Gaussian has no closed form.
 */
public final class FlowPrior implements Prior {
    private final int latent;
    private final Chain couplings;

    /**
     * A chain over the latents.
     *
     * @param latent at least 2, for the two halves
     * @param bound of every block's log-scales
     */
    public FlowPrior(int latent, int couplings, Mlp.Hidden conditioner, double bound) {
        if (latent < 2 || couplings < 1) {
            throw new IllegalArgumentException(
                    "a flow over latents needs at least 2 latents and 1 coupling, had " + latent + " and " + couplings);
        }
        this.latent = latent;
        List<Bijector> blocks = new ArrayList<>();
        int split = (latent + 1) / 2;
        for (int i = 0; i < couplings; i++) {
            Mask mask = i % 2 == 0 ? Mask.transformFirst(latent, split) : Mask.transformRest(latent, split);
            blocks.add(new AffineCoupling(Path.root().child("prior").child("coupling", i), mask, conditioner, bound));
        }
        this.couplings = new Chain(blocks);
    }

    @Override
    public List<Parameter> parameters() {
        return couplings.parameters();
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
