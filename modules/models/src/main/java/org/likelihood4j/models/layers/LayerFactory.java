package org.likelihood4j.models.layers;

import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.ParameterPath;

/**
 * A kind of network, before it is known what it takes and makes: couplings and VAEs ask it for
 * their networks.
 */
public interface LayerFactory {
    /**
     * A network between two shapes.
     *
     * @param path of its parameters
     */
    Layer create(ParameterPath path, EventShape in, EventShape out);

    /** The same kind of network, which is told the class of each example too. */
    default LayerFactory given(FunctionInput.Condition condition) {
        return new Conditioned(this, condition);
    }

    /**
     * The same, but with last weights of 0, so that its first output is exactly 0 for every input.
     */
    Layer startingAtZero(ParameterPath path, EventShape in, EventShape out);
}
