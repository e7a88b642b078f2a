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
 * What is linear in a window at each place of a feature map: {@code y = activation(L x + b)} with the
 * map's linear L of weights {@code W [size, size, ., .]}, and {@code b [out]} the same at each place.
 */
abstract sealed class Convolution implements SpatialLayer permits Conv2d, ConvTranspose2d {
    /** What is kept of its output: the sum, the activation, and their gradients. */
    private static final int ARRAYS = 4;

    private final FeatureMap in;
    private final FeatureMap out;
    private final Parameter weight;
    private final Parameter bias;
    private final Activation activation;

    /**
     * A layer of its shapes.
     *
     * @param weights how W starts; the bias starts at 0
     */
    Convolution(
            ParameterPath path,
            FeatureMap in,
            FeatureMap out,
            List<Long> weightShape,
            Activation activation,
            Initializer weights) {
        this.in = in;
        this.out = out;
        this.activation = activation;
        this.weight = new Parameter(path.child("weight").prefix(), weightShape, weights, true);
        this.bias =
                new Parameter(path.child("bias").prefix(), List.of((long) out.channels()), Initializer.zeros(), false);
    }

    @Override
    public final FeatureMap inputShape() {
        return in;
    }

    @Override
    public final FeatureMap outputShape() {
        return out;
    }

    @Override
    public final List<Parameter> parameters() {
        return List.of(weight, bias);
    }

    @Override
    public final Footprint footprint() {
        return Footprint.arrays(ARRAYS, out.size());
    }

    @Override
    public final SDVariable applyToPlaces(GraphBuilder g, SDVariable x) {
        return activation.apply(g, linear(g, x, g.parameter(weight)).add(g.parameter(bias)));
    }

    /** {@code L x}, places in rows: {@code [N H W, in] -> [N H' W', out]}. */
    abstract SDVariable linear(GraphBuilder g, SDVariable x, SDVariable weights);

    /** Places in rows as images, {@code [N, H, W, in]}. */
    final SDVariable images(SDVariable x) {
        return x.reshape(-1, in.height(), in.width(), in.channels());
    }
}
