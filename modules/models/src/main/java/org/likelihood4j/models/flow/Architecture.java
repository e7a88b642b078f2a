package org.likelihood4j.models.flow;

import java.util.List;
import org.likelihood4j.models.bijectors.ActNorm;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/** What stands between standardised data and the latents of a flow. */
public sealed interface Architecture permits AutoregressiveArchitecture, FlatArchitecture, MultiscaleArchitecture {
    /**
     * The bijectors.
     *
     * @param bijector from data to latents, which are a row
     * @param latents how many of them each scale has, from the finest on
     * @param starts what starts from statistics of the data, in the order in which it must
     */
    record Body(Bijector bijector, List<Integer> latents, List<Start> starts) {
        public Body {
            latents = List.copyOf(latents);
            starts = List.copyOf(starts);
        }
    }

    /**
     * A normalisation and what it sees as the flow starts, when all couplings are the identity.
     *
     * @param input from standardised data to the normalisation's input
     */
    record Start(ActNorm norm, Step input) {}

    /** A part of the forward pass. */
    @FunctionalInterface
    interface Step {
        SDVariable apply(GraphBuilder g, SDVariable x);

        /** This one, then the other. */
        default Step then(Step next) {
            return (g, x) -> next.apply(g, apply(g, x));
        }
    }

    /** For data of this shape. */
    Body create(FlowData data);

    /** Whether all places of an image meet the same networks, so that one standardisation must do for all of them. */
    boolean treatsPlacesAlike();

    /** How often the inverse goes through a network that data go through once. */
    default int passesOfInverse(FlowData data) {
        return 1;
    }

    /** The most by which any number is scaled on its way, in nats of log-scale. */
    double totalLogScale();
}
