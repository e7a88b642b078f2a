package org.likelihood4j.models.bijectors;

import java.util.List;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * An invertible map of events, {@code [N, size]} to {@code [N, size]}. {@code forward} goes from
 * data towards the latent. Each direction returns its value together with its own log-determinant,
 * so that the log-determinants of the two directions at corresponding points add up to 0.
 */
public interface Bijector {
    /**
     * What one direction returns.
     *
     * @param value {@code [N, size]}
     * @param logDet log|det J| of the map that was applied {@code [N]}, nats
     */
    record Result(SDVariable value, SDVariable logDet) {}

    /** What {@link #forward} takes and {@link #inverse} makes. */
    EventShape inputShape();

    /** What {@link #forward} makes and {@link #inverse} takes: of the same size. */
    default EventShape outputShape() {
        return inputShape();
    }

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
