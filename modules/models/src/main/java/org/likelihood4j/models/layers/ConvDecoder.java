package org.likelihood4j.models.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.EventShape.FeatureMap;
import org.likelihood4j.models.Footprint;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.bijectors.Permutation;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A network from rows to images, a {@link ConvEncoder} backwards: dense layers, then transposed 4x4
 * convolutions of stride 2, each behind residual blocks if there are any; and a bias for each number
 * of the image.
 */
public final class ConvDecoder implements Layer {
    /** A kind of such networks. */
    public static final class Shape implements LayerFactory {
        private final Pyramid inside;

        /**
         * The network's inside, in the order of an encoder: the first is the map nearest to the image.
         *
         * @param channels of the maps, each half as high and wide as the one before; at least one
         * @param blocks residual blocks at each map
         * @param hidden widths of dense layers, from the row on
         */
        public Shape(List<Integer> channels, int blocks, List<Integer> hidden, Activation activation) {
            this.inside = new Pyramid(channels, blocks, hidden, activation, Optional.empty());
        }

        /** Of what height and width must be multiples. */
        public int factor() {
            return inside.factor();
        }

        @Override
        public ConvDecoder create(ParameterPath path, EventShape in, EventShape out) {
            return new ConvDecoder(path, in, inside, out, Optional.empty());
        }

        @Override
        public ConvDecoder startingAtZero(ParameterPath path, EventShape in, EventShape out) {
            return new ConvDecoder(path, in, inside, out, Optional.of(Initializer.zeros()));
        }
    }

    private final List<Layer> dense = new ArrayList<>();
    private final List<SpatialLayer> maps = new ArrayList<>();
    private final Permutation toMap;
    private final Parameter bias;

    private ConvDecoder(
            ParameterPath path, EventShape in, Pyramid inside, EventShape out, Optional<Initializer> output) {
        if (!(out instanceof EventShape.Image image)
                || image.height() % inside.factor() != 0
                || image.width() % inside.factor() != 0) {
            throw new IllegalArgumentException(
                    "a convolutional decoder of " + inside.channels().size()
                            + " maps makes images whose height and width are multiples of " + inside.factor() + ", not "
                            + out);
        }
        this.toMap = Permutation.toMap(image);
        FeatureMap made = (FeatureMap) toMap.outputShape();
        FeatureMap shape = inside.smallest(made);
        EventShape row = in;
        for (int width : inside.hidden()) {
            dense.add(new Dense(path.child("layer", dense.size()), row, EventShape.row(width), inside.activation()));
            row = EventShape.row(width);
        }
        dense.add(new Dense(path.child("map"), row, shape, inside.activation()));
        for (int i = inside.channels().size() - 1; i >= 0; i--) {
            for (int j = 0; j < inside.blocks(); j++) {
                maps.add(new ResidualBlock(path.child("conv", i).child("block", j), shape));
            }
            ParameterPath conv = path.child("conv", i);
            maps.add(
                    i > 0
                            ? new ConvTranspose2d(
                                    conv, shape, inside.channels().get(i - 1), Pyramid.STEP, inside.activation())
                            : last(conv, shape, made.channels(), output));
            shape = maps.get(maps.size() - 1).outputShape();
        }
        this.bias = new Parameter(
                path.child("output").child("bias").prefix(), List.of((long) image.size()), Initializer.zeros(), false);
    }

    private static ConvTranspose2d last(
            ParameterPath path, FeatureMap shape, int channels, Optional<Initializer> weights) {
        return weights.map(
                        start -> new ConvTranspose2d(path, shape, channels, Pyramid.STEP, Activation.IDENTITY, start))
                .orElseGet(() -> new ConvTranspose2d(path, shape, channels, Pyramid.STEP, Activation.IDENTITY));
    }

    @Override
    public EventShape inputShape() {
        return dense.get(0).inputShape();
    }

    @Override
    public EventShape outputShape() {
        return toMap.inputShape();
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>();
        dense.forEach(layer -> parameters.addAll(layer.parameters()));
        maps.forEach(layer -> parameters.addAll(layer.parameters()));
        parameters.add(bias);
        return List.copyOf(parameters);
    }

    @Override
    public Footprint footprint() {
        Footprint sum = Footprint.arrays(2, outputShape().size());
        for (Layer layer : dense) {
            sum = sum.and(Footprint.arrays(4, layer.outputShape().size()));
        }
        for (SpatialLayer layer : maps) {
            sum = sum.and(layer.footprint());
        }
        return sum;
    }

    @Override
    public Optional<Parameter> outputBias() {
        return Optional.of(bias);
    }

    @Override
    public SDVariable apply(GraphBuilder g, SDVariable x) {
        for (Layer layer : dense) {
            x = layer.apply(g, x);
        }
        SDVariable places = x.reshape(-1, maps.get(0).inputShape().channels());
        for (SpatialLayer layer : maps) {
            places = layer.applyToPlaces(g, places);
        }
        SDVariable map = places.reshape(-1, outputShape().size());
        return toMap.inverse(g, map).value().add(g.parameter(bias));
    }
}
