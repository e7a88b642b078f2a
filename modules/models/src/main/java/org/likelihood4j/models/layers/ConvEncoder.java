package org.likelihood4j.models.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.EventShape.FeatureMap;
import org.likelihood4j.models.Footprint;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.bijectors.Permutation;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A network from images to rows: 4x4 convolutions of stride 2, each with residual blocks if there
 * are any, then dense layers, of which the last has no activation.
 */
public final class ConvEncoder implements Layer {
    /** A kind of such networks. */
    public static final class Shape implements LayerFactory {
        private final Pyramid inside;

        /**
         * The network's inside.
         *
         * @param channels of the maps, each half as high and wide as the one before; at least one
         * @param blocks residual blocks at each map
         * @param hidden widths of dense layers behind the last map
         */
        public Shape(List<Integer> channels, int blocks, List<Integer> hidden, Activation activation) {
            this(new Pyramid(channels, blocks, hidden, activation, Optional.empty()));
        }

        private Shape(Pyramid inside) {
            this.inside = inside;
        }

        @Override
        public Shape given(FunctionInput.Condition condition) {
            return new Shape(inside.given(condition));
        }

        @Override
        public ConvEncoder create(ParameterPath path, EventShape in, EventShape out) {
            return new ConvEncoder(path, in, inside, out, false);
        }

        @Override
        public ConvEncoder startingAtZero(ParameterPath path, EventShape in, EventShape out) {
            return new ConvEncoder(path, in, inside, out, true);
        }
    }

    private final EventShape.Image in;
    private final Permutation toMap;
    private final List<SpatialLayer> maps = new ArrayList<>();
    private final Layer dense;

    private ConvEncoder(ParameterPath path, EventShape in, Pyramid inside, EventShape out, boolean zero) {
        if (!(in instanceof EventShape.Image image)) {
            throw new IllegalArgumentException("a convolutional encoder takes images, not " + in);
        }
        this.in = image;
        this.toMap = Permutation.toMap(image);
        FeatureMap shape = (FeatureMap) toMap.outputShape();
        for (int i = 0; i < inside.channels().size(); i++) {
            maps.add(new Conv2d(
                    path.child("conv", i), shape, inside.channels().get(i), Pyramid.STEP, inside.activation()));
            shape = last().outputShape();
            if (i == 0 && inside.condition().isPresent()) {
                maps.add(new ClassBias(
                        path.child("class"), shape, inside.condition().get()));
            }
            for (int j = 0; j < inside.blocks(); j++) {
                maps.add(new ResidualBlock(path.child("conv", i).child("block", j), shape));
            }
        }
        Mlp.Hidden head = new Mlp.Hidden(inside.hidden(), inside.activation());
        this.dense = zero ? head.startingAtZero(path, shape, out) : head.create(path, shape, out);
    }

    private SpatialLayer last() {
        return maps.get(maps.size() - 1);
    }

    @Override
    public EventShape inputShape() {
        return in;
    }

    @Override
    public EventShape outputShape() {
        return dense.outputShape();
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>();
        maps.forEach(layer -> parameters.addAll(layer.parameters()));
        parameters.addAll(dense.parameters());
        return List.copyOf(parameters);
    }

    @Override
    public Footprint footprint() {
        Footprint sum = dense.footprint();
        for (SpatialLayer layer : maps) {
            sum = sum.and(layer.footprint());
        }
        return sum;
    }

    @Override
    public Optional<Parameter> outputBias() {
        return dense.outputBias();
    }

    @Override
    public SDVariable apply(GraphBuilder g, SDVariable x) {
        SDVariable places = toMap.forward(g, x).value().reshape(-1, in.channels());
        for (SpatialLayer layer : maps) {
            places = layer.applyToPlaces(g, places);
        }
        return dense.apply(g, places.reshape(-1, last().outputShape().size()));
    }
}
