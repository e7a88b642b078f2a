package org.likelihood4j.models.vae;

import java.util.List;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Model;
import org.likelihood4j.models.ModelPart;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.Outputs;
import org.nd4j.autodiff.samediff.SDVariable;

/** p(z) of a VAE, possibly with parameters of its own, which are trained with the rest. */
public interface Prior {
    /** The input of normal noise that {@link #sample} draws from. */
    String NOISE = "prior";

    /** What z is. */
    EventShape.Row shape();

    /** In a fixed order. */
    default List<Parameter> parameters() {
        return List.of();
    }

    /** The parts that hold its parameters: a whole, unless it says otherwise. */
    default List<ModelPart> parts() {
        return parameters().isEmpty()
                ? List.of()
                : List.of(new ModelPart(ParameterPath.root().child("prior"), List.of()));
    }

    /** Adds what {@link Model#partReports()} returns of the prior's parts at {@code z [N, latent]}. */
    default void report(GraphBuilder g, SDVariable z, Outputs outputs) {}

    /** Numbers that it looks at for each draw: of a mixture those of all its components. */
    default long valuesPerDraw() {
        return shape().size();
    }

    /** The most by which it scales a latent on the way to its base, in nats of log-scale. */
    default double totalLogScale() {
        return 0;
    }

    /** {@code log p(z) [N]} in nats, for {@code z [N, latent]}. */
    SDVariable logProb(GraphBuilder g, SDVariable z);

    /**
     * A draw {@code [N, latent]}, from noise that it declares; what a temperature scales is its
     * normal noise.
     */
    SDVariable sample(GraphBuilder g);
}
