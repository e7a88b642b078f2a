package org.likelihood4j.models.layers;

import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.ParameterPath;

/** A kind of network of dense layers, of which some weights may not count. */
public interface DenseNetwork extends LayerFactory {
    /**
     * A network between two shapes.
     *
     * @param startsAtZero whether its last weights are 0
     * @param kind what becomes of each of its dense layers
     */
    Layer create(ParameterPath path, EventShape in, EventShape out, boolean startsAtZero, DenseKind kind);

    @Override
    default Layer create(ParameterPath path, EventShape in, EventShape out) {
        return create(path, in, out, false, DenseKind.PLAIN);
    }

    @Override
    default Layer startingAtZero(ParameterPath path, EventShape in, EventShape out) {
        return create(path, in, out, true, DenseKind.PLAIN);
    }
}
