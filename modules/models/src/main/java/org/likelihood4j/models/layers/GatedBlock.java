package org.likelihood4j.models.layers;

import java.util.List;
import java.util.stream.Stream;
import org.likelihood4j.models.EventShape.FeatureMap;
import org.likelihood4j.models.Footprint;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * {@code y = norm(x + v sigmoid(w))}, where {@code (v, w) = B c(A * c(x) + a) + b} are the two halves
 * of 2 C channels that a 3x3 and a 1x1 convolution make, {@code c(x) = (elu(x), elu(-x))} puts one
 * behind the other's channels, and norm is the {@link LayerNorm} of each place's channels.
 *
 * <p>These are the gated convolutions of Flow++ (Ho et al. 2019) in the form of the University of
 * Amsterdam's course on deep learning, whose flows on MNIST are often reproduced.
 */
public final class GatedBlock implements SpatialLayer {
    private static final int ARRAYS = 10;

    private final FeatureMap shape;
    private final Conv2d neighbours;
    private final Conv2d point;
    private final LayerNorm norm;

    public GatedBlock(ParameterPath path, FeatureMap shape) {
        this.shape = shape;
        int channels = shape.channels();
        FeatureMap both = shape.withChannels(2 * channels);
        this.neighbours = convolution(path.child("conv"), both, channels, Window.everywhere(3));
        this.point = convolution(path.child("point"), both, 2 * channels, Window.everywhere(1));
        this.norm = new LayerNorm(path.child("norm"), shape);
    }

    /** Whose output meets an exponential unit later. */
    private static Conv2d convolution(ParameterPath path, FeatureMap in, int channels, Window window) {
        return new Conv2d(
                path,
                in,
                channels,
                window,
                Activation.IDENTITY,
                Initializer.fanIn((long) window.area() * in.channels()));
    }

    /** {@code (elu(x), elu(-x))} over channels, {@code [M, C]} to {@code [M, 2 C]}: (Salimans and Kingma 2016). */
    static SDVariable concatElu(GraphBuilder g, SDVariable x) {
        return g.sameDiff().concat(1, Activation.ELU.apply(g, x), Activation.ELU.apply(g, x.neg()));
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
        return Stream.of(neighbours, point, norm)
                .flatMap(layer -> layer.parameters().stream())
                .toList();
    }

    @Override
    public Footprint footprint() {
        return Footprint.arrays(ARRAYS, shape.size())
                .and(neighbours.footprint())
                .and(point.footprint())
                .and(norm.footprint());
    }

    @Override
    public SDVariable applyToPlaces(GraphBuilder g, SDVariable x) {
        SDVariable hidden = neighbours.applyToPlaces(g, concatElu(g, x));
        SDVariable both = point.applyToPlaces(g, concatElu(g, hidden));
        SDVariable value = StableOps.columns(both, 0, shape.channels());
        SDVariable gate = StableOps.columns(both, shape.channels(), 2 * shape.channels());
        return norm.applyToPlaces(g, x.add(value.mul(Activation.SIGMOID.apply(g, gate))));
    }
}
