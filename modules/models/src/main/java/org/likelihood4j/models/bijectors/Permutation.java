package org.likelihood4j.models.bijectors;

import org.likelihood4j.models.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/** A fixed reordering of the columns: {@code y[:, i] = x[:, order[i]]}; log|det J| = 0. */
public final class Permutation implements Bijector {
    private final int[] order;
    private final int[] inverse;

    public Permutation(int... order) {
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
    public Result forward(GraphBuilder g, SDVariable x) {
        return new Result(g.reorder(x, order), g.zerosPerExample(x, order.length));
    }

    @Override
    public Result inverse(GraphBuilder g, SDVariable y) {
        return new Result(g.reorder(y, inverse), g.zerosPerExample(y, order.length));
    }
}
