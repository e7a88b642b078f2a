package org.likelihood4j.models.bijectors;

import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * {@code y = logit(p)} with {@code p = alpha + (1 - 2 alpha) x}: from [0, 1] to the real line (Dinh
 * et al. 2017, 4.1).
 *
 * <p>{@code log|det J| = sum(log(1 - 2 alpha) - log p - log(1 - p))}. 1 - p is computed as {@code
 * alpha + (1 - 2 alpha)(1 - x)}: subtracting p from 1 would lose a small alpha's digits in float32.
 *
 * <p>The inverse is {@code (sigmoid(y) - alpha)/(1 - 2 alpha)}, which leaves [0, 1] by at most
 * {@code alpha/(1 - 2 alpha)}.
 *
 * @param shape of D numbers
 * @param alpha in (0, 1/2)
 */
public record Logit(EventShape shape, double alpha) implements Bijector {
    public Logit {
        if (!(alpha > 0 && alpha < 0.5)) {
            throw new IllegalArgumentException("alpha must be in (0, 0.5), was " + alpha);
        }
    }

    @Override
    public EventShape inputShape() {
        return shape;
    }

    @Override
    public Result forward(GraphBuilder g, SDVariable x) {
        SDVariable logP = log(g, x.mul(1 - 2 * alpha).add(alpha));
        SDVariable logQ = log(g, x.rsub(1).mul(1 - 2 * alpha).add(alpha));
        SDVariable logDet =
                StableOps.sumPerExample(logP.add(logQ), shape).neg().add(shape.size() * Math.log(1 - 2 * alpha));
        return new Result(logP.sub(logQ), logDet);
    }

    @Override
    public Result inverse(GraphBuilder g, SDVariable y) {
        SDVariable x = g.sameDiff().nn().sigmoid(y).sub(alpha).mul(1 / (1 - 2 * alpha));
        // log sigmoid'(y) = -softplus(y) - softplus(-y)
        SDVariable logSlope =
                StableOps.softplus(y).add(StableOps.softplus(y.neg())).neg();
        return new Result(x, StableOps.sumPerExample(logSlope, shape).sub(shape.size() * Math.log(1 - 2 * alpha)));
    }

    private static SDVariable log(GraphBuilder g, SDVariable x) {
        return g.sameDiff().math().log(x);
    }
}
