package org.likelihood4j.models.densities;

import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Of the plane: {@code x = width a}, {@code y = height b + bend x^2} for independent standard normal a and b.
 *
 * <p>{@code log p(x, y) = -(a^2 + b^2)/2 - log(2 pi width height)}.
 */
public record BentGaussian(double width, double height, double bend) implements LogDensity {
    @Override
    public SDVariable of(GraphBuilder g, SDVariable point) {
        SDVariable x = StableOps.columns(point, 0, 1);
        SDVariable y = StableOps.columns(point, 1, 2);
        SDVariable a = x.div(width);
        SDVariable b = y.sub(x.mul(x).mul(bend)).div(height);
        return a.mul(a)
                .add(b.mul(b))
                .mul(-0.5)
                .sub(StandardNormal.LOG_2_PI + Math.log(width * height))
                .reshape(-1);
    }
}
