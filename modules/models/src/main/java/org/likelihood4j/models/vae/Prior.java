package org.likelihood4j.models.vae;

import java.util.List;
import org.likelihood4j.models.GraphBuilder;
import org.likelihood4j.models.Parameter;
import org.nd4j.autodiff.samediff.SDVariable;

/** p(z) of a VAE, possibly with parameters of its own, which are trained with the rest. */
public interface Prior {
    /** The input of normal noise that {@link #sample} draws from. */
    String NOISE = "prior";

    /** In a fixed order. */
    default List<Parameter> parameters() {
        return List.of();
    }

    /** {@code log p(z) [N]} in nats, for {@code z [N, latent]}. */
    SDVariable logProb(GraphBuilder g, SDVariable z);

    /** A draw {@code [N, latent]}, from noise that it declares; what a temperature scales is its normal noise. */
    SDVariable sample(GraphBuilder g);
}
