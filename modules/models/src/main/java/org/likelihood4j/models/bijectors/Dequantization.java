package org.likelihood4j.models.bijectors;

import org.likelihood4j.models.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * {@code y = v / levels} for the dequantised pixels {@code v = pixel + u}, u uniform on [0, 1): from [0, levels) to [0, 1).
 *
 * <p>{@code log|det J| = -D log(levels)}; in bits/dim that is the constant log2(levels). The expectation over u of log p(v) is
 * a lower bound of log P(pixels) (Theis et al. 2016).
 *
 * @param dimension D
 * @param levels 256 for 8-bit pixels
 */
public record Dequantization(int dimension, int levels) implements Bijector {
    public Dequantization {
        if (dimension < 1 || levels < 2) {
            throw new IllegalArgumentException(
                    "dimension must be at least 1 and levels at least 2, were " + dimension + " and " + levels);
        }
    }

    @Override
    public Result forward(GraphBuilder g, SDVariable v) {
        return new Result(v.mul(1.0 / levels), logDet(g, v, -1));
    }

    @Override
    public Result inverse(GraphBuilder g, SDVariable y) {
        return new Result(y.mul(levels), logDet(g, y, 1));
    }

    private SDVariable logDet(GraphBuilder g, SDVariable x, int sign) {
        return g.zerosPerExample(x, dimension).add(sign * dimension * Math.log(levels));
    }
}
