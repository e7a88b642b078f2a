package org.likelihood4j.models.densities;

import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/** N(0, I): {@code log p(x) = -1/2 sum x^2 - size/2 log(2 pi)}. Its noise is N(0, 1). */
public record StandardNormal(GraphBuilder g, EventShape shape) implements Density {
    public static final double LOG_2_PI = Math.log(2 * Math.PI);

    @Override
    public SDVariable logProb(SDVariable x) {
        return StableOps.sumPerExample(x.mul(x), shape).mul(-0.5).sub(0.5 * shape.size() * LOG_2_PI);
    }

    @Override
    public SDVariable sample(SDVariable noise) {
        return noise;
    }
}
