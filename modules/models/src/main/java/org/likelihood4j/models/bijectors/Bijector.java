package org.likelihood4j.models.bijectors;

import java.util.List;
import org.likelihood4j.models.GraphBuilder;
import org.likelihood4j.models.Parameter;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * An invertible map of vectors {@code [N, D]}. {@code forward} goes from data towards the latent. Each direction returns its
 * value together with its own log-determinant, so that the log-determinants of the two directions at corresponding points
 * add up to 0.
 */
public interface Bijector {
    /**
     * What one direction returns.
     *
     * @param value {@code [N, D]}
     * @param logDet log|det J| of the map that was applied {@code [N]}, nats
     */
    record Result(SDVariable value, SDVariable logDet) {}

    Result forward(GraphBuilder g, SDVariable x);

    Result inverse(GraphBuilder g, SDVariable y);

    /** Trained parameters, in a fixed order. */
    default List<Parameter> parameters() {
        return List.of();
    }

    /** Statistics that are not trained. */
    default List<Parameter> buffers() {
        return List.of();
    }
}
