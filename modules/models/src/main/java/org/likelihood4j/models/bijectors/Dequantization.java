package org.likelihood4j.models.bijectors;

import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * {@code y = v / levels} for the dequantised pixels {@code v = pixel + u}, u uniform on [0, 1):
 * from [0, levels) to [0, 1).
 *
 * <p>{@code log|det J| = -D log(levels)}; in bits/dim that is the constant log2(levels). The
 * expectation over u of log p(v) is a lower bound of log P(pixels) (Theis et al. 2016).
 *
 * @param shape of D numbers
 * @param levels 256 for 8-bit pixels
 */
public record Dequantization(EventShape shape, int levels) implements Bijector {
    public Dequantization {
        if (levels < 2) {
            throw new IllegalArgumentException("levels must be at least 2, was " + levels);
        }
    }

    @Override
    public EventShape inputShape() {
        return shape;
    }

    @Override
    public Result forward(GraphBuilder g, SDVariable v) {
        return new Result(v.mul(1.0 / levels), logDet(v, -1));
    }

    @Override
    public Result inverse(GraphBuilder g, SDVariable y) {
        return new Result(y.mul(levels), logDet(y, 1));
    }

    private SDVariable logDet(SDVariable x, int sign) {
        return StableOps.zerosPerExample(x, shape).add(sign * shape.size() * Math.log(levels));
    }
}
