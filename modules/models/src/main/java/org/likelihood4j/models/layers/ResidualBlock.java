package org.likelihood4j.models.layers;

import java.util.List;
import java.util.stream.Stream;
import org.likelihood4j.models.EventShape.FeatureMap;
import org.likelihood4j.models.Footprint;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * {@code y = x + B relu(A * relu(x) + a) + b}: a 3x3 and a 1x1 convolution, each behind a rectifier,
 * and the way around both (the pre-activated blocks of He et al. 2016, as in RealNVP's networks).
 */
public final class ResidualBlock implements SpatialLayer {
    private final Conv2d neighbours;
    private final Conv2d point;

    public ResidualBlock(ParameterPath path, FeatureMap shape) {
        this.neighbours =
                new Conv2d(path.child("conv"), shape, shape.channels(), Window.everywhere(3), Activation.RELU);
        this.point = new Conv2d(
                path.child("point"),
                shape,
                shape.channels(),
                Window.everywhere(1),
                Activation.IDENTITY,
                Initializer.fanIn(shape.channels()));
    }

    @Override
    public FeatureMap inputShape() {
        return neighbours.inputShape();
    }

    @Override
    public FeatureMap outputShape() {
        return point.outputShape();
    }

    @Override
    public List<Parameter> parameters() {
        return Stream.of(neighbours, point)
                .flatMap(layer -> layer.parameters().stream())
                .toList();
    }

    @Override
    public Footprint footprint() {
        return Footprint.arrays(2, inputShape().size())
                .and(neighbours.footprint())
                .and(point.footprint());
    }

    @Override
    public SDVariable applyToPlaces(GraphBuilder g, SDVariable x) {
        SDVariable seen = Activation.RELU.apply(g, x);
        return x.add(point.applyToPlaces(g, neighbours.applyToPlaces(g, seen)));
    }
}
