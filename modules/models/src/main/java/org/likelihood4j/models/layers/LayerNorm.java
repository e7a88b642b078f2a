package org.likelihood4j.models.layers;

import java.util.List;
import org.likelihood4j.models.EventShape.FeatureMap;
import org.likelihood4j.models.Footprint;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Normalises the channels of each place (Ba et al. 2016): {@code y = scale (x - m) / sqrt(v + 1e-5)
 * + shift} with the mean m and the variance v over a place's channels, and {@code scale, shift
 * [C]}. What stands at a place of an example sees no other place and no other example.
 */
public final class LayerNorm implements SpatialLayer {
    private static final double EPSILON = 1e-5;
    private static final int ARRAYS = 4;

    private final FeatureMap shape;
    private final Parameter scale;
    private final Parameter shift;

    /** @param shape of at least 2 channels: one alone would become 0 */
    public LayerNorm(ParameterPath path, FeatureMap shape) {
        if (shape.channels() < 2) {
            throw new IllegalArgumentException("a layer norm needs at least 2 channels, had " + shape.channels());
        }
        this.shape = shape;
        List<Long> channels = List.of((long) shape.channels());
        this.scale = new Parameter(path.child("scale").prefix(), channels, new Initializer.Constant(1), false);
        this.shift = new Parameter(path.child("shift").prefix(), channels, Initializer.zeros(), false);
    }

    @Override
    public FeatureMap inputShape() {
        return shape;
    }

    @Override
    public FeatureMap outputShape() {
        return shape;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(scale, shift);
    }

    @Override
    public Footprint footprint() {
        return Footprint.arrays(ARRAYS, shape.size());
    }

    @Override
    public SDVariable applyToPlaces(GraphBuilder g, SDVariable x) {
        SDVariable centred = x.sub(x.mean(true, 1));
        SDVariable deviation =
                g.sameDiff().math().sqrt(centred.mul(centred).mean(true, 1).add(EPSILON));
        return centred.div(deviation).mul(g.parameter(scale)).add(g.parameter(shift));
    }
}
