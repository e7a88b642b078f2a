package org.likelihood4j.models.layers;

import java.util.List;
import java.util.Optional;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Footprint;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A network or a part of one: a map of events that need not be invertible, with trained parameters.
 */
public interface Layer {
    /** What it takes. */
    EventShape inputShape();

    /** What it makes. */
    EventShape outputShape();

    /** In a fixed order, which is that of the model's layout. */
    List<Parameter> parameters();

    /** {@code [N, input]} to {@code [N, output]}. */
    SDVariable apply(GraphBuilder g, SDVariable x);

    /**
     * What one example takes on its way through and back, beside the input and the output. Of a
     * network that does not count it is read off its matrices: each but the last makes a hidden
     * layer.
     */
    default Footprint footprint() {
        return Footprint.inside(parameters());
    }

    /**
     * The parameter that is added to the output as its last step, one number for each of the
     * output's: by it an initialisation sets what a network first puts out. Empty where there is
     * none.
     */
    default Optional<Parameter> outputBias() {
        return Optional.empty();
    }
}
