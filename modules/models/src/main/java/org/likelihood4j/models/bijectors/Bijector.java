package org.likelihood4j.models.bijectors;

import java.util.List;
import java.util.Map;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Footprint;
import org.likelihood4j.models.ModelPart;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.Outputs;
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
     * @param terms of the forward direction: {@link Bijector#terms} by name, each {@code [N]}, which add
     *     up to logDet; empty where it has none
     */
    record Result(SDVariable value, SDVariable logDet, Map<String, SDVariable> terms) {
        public Result(SDVariable value, SDVariable logDet) {
            this(value, logDet, Map.of());
        }
    }

    /**
     * A part of a log-determinant that is told by itself.
     *
     * @param name among a model's metrics
     * @param description one line for people
     */
    record Term(String name, String description) {}

    /** What {@link #forward} takes and {@link #inverse} makes. */
    EventShape inputShape();

    /** What {@link #forward} makes and {@link #inverse} takes: of the same size. */
    default EventShape outputShape() {
        return inputShape();
    }

    Result forward(GraphBuilder g, SDVariable x);

    Result inverse(GraphBuilder g, SDVariable y);

    /** What it is a chain of, the first one first, down to those that are no chain; itself, where it is none. */
    default List<Bijector> layers() {
        return List.of(this);
    }

    /** Trained parameters, in a fixed order. */
    default List<Parameter> parameters() {
        return List.of();
    }

    /** Statistics that are not trained. */
    default List<Parameter> buffers() {
        return List.of();
    }

    /** What its log-determinant is told as the sum of; empty where it is told as a whole. */
    default List<Term> terms() {
        return List.of();
    }

    /**
     * The parts of it by which a training is watched, in the order of the forward pass; none of what
     * learns nothing.
     */
    default List<ModelPart> parts() {
        return List.of();
    }

    /**
     * Adds what its parts report where the input is x, under the names of {@link ModelPart#output}.
     */
    default void report(GraphBuilder g, SDVariable x, Outputs outputs) {}

    /** What one example takes on its way through and back. */
    default Footprint footprint() {
        return Footprint.arrays(2, inputShape().size());
    }
}
