package org.likelihood4j.models.bijectors;

import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A fixed reordering of an event's numbers: {@code y[:, i] = x[:, order[i]]}; log|det J| = 0. Out
 * comes a row: what was an image has no neighbours any more.
 */
public final class Permutation implements Bijector {
    private final EventShape shape;
    private final int[] order;
    private final int[] inverse;

    /** @param order each position of the shape once */
    public Permutation(EventShape shape, int... order) {
        if (order.length != shape.size()) {
            throw new IllegalArgumentException(
                    "a permutation of " + shape + " needs " + shape.size() + " positions, had " + order.length);
        }
        this.shape = shape;
        this.order = order.clone();
        this.inverse = new int[order.length];
        boolean[] seen = new boolean[order.length];
        for (int i = 0; i < order.length; i++) {
            if (order[i] < 0 || order[i] >= order.length || seen[order[i]]) {
                throw new IllegalArgumentException("not a permutation: " + order[i] + " at position " + i);
            }
            seen[order[i]] = true;
            inverse[order[i]] = i;
        }
    }

    @Override
    public EventShape inputShape() {
        return shape;
    }

    @Override
    public EventShape outputShape() {
        return EventShape.row(order.length);
    }

    @Override
    public Result forward(GraphBuilder g, SDVariable x) {
        return new Result(StableOps.reorder(x, order), StableOps.zerosPerExample(x, shape));
    }

    @Override
    public Result inverse(GraphBuilder g, SDVariable y) {
        return new Result(StableOps.reorder(y, inverse), StableOps.zerosPerExample(y, shape));
    }
}
