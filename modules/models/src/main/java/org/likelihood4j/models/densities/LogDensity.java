package org.likelihood4j.models.densities;

import org.likelihood4j.models.Footprint;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A density as a formula of a graph, up to a constant factor: minus an energy. It cannot be drawn from; a flow can be fitted to it.
 */
@FunctionalInterface
public interface LogDensity {
    /**
     * {@code log p(x) + c [N]} in nats for {@code x [N, size]}, with a gradient.
     *
     * @param g the graph of x
     */
    SDVariable of(GraphBuilder g, SDVariable x);

    /** What one example takes in a training step. */
    default Footprint footprint() {
        return Footprint.arrays(0, 1);
    }
}
