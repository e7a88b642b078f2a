package org.likelihood4j.models.layers;

import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Noise;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.Renewal;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * In a graph that {@link GraphBuilder#isTraining trains}, zeros in the place of a share r of the numbers, and the others divided by 1 -
 * r; elsewhere nothing (Srivastava et al. 2014).
 *
 * @param rate r, at least 0 and below 1
 * @param noise uniform, of as many numbers
 */
record Dropout(double rate, FunctionInput.NoiseInput noise) {
    /**
     * Of a layer's output.
     *
     * @param path under which the noise is
     */
    Dropout(double rate, ParameterPath path, EventShape shape) {
        this(rate, new FunctionInput.NoiseInput(path.child("dropout").prefix(), shape, Noise.UNIFORM, Renewal.DRAW));
    }

    static void check(double rate) {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("dropout must be at least 0 and below 1, was " + rate);
        }
    }

    SDVariable apply(GraphBuilder g, SDVariable x) {
        if (rate == 0 || !g.isTraining()) {
            return x;
        }
        SDVariable u = g.input(noise);
        return x.mul(StableOps.below(g.sameDiff().zerosLike(u).add(rate), u).div(1 - rate));
    }
}
