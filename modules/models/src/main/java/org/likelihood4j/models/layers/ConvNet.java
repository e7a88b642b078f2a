package org.likelihood4j.models.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.EventShape.FeatureMap;
import org.likelihood4j.models.Footprint;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A network between maps of the same places: a 3x3 convolution, blocks with ways around them, a
 * nonlinearity, and a 3x3 convolution without activation.
 */
public final class ConvNet implements SpatialLayer {
    private static final Window WINDOW = Window.everywhere(3);

    /** What the network is made of. */
    public enum Block {
        /** {@link ResidualBlock}, and rectifiers. */
        RESIDUAL(1) {
            @Override
            SpatialLayer create(ParameterPath path, FeatureMap shape) {
                return new ResidualBlock(path, shape);
            }

            @Override
            SDVariable nonlinearity(GraphBuilder g, SDVariable x) {
                return Activation.RELU.apply(g, x);
            }
        },
        /** {@link GatedBlock}, and exponential units of x and -x. */
        GATED(2) {
            @Override
            SpatialLayer create(ParameterPath path, FeatureMap shape) {
                return new GatedBlock(path, shape);
            }

            @Override
            SDVariable nonlinearity(GraphBuilder g, SDVariable x) {
                return GatedBlock.concatElu(g, x);
            }
        };

        /** By how much its nonlinearity multiplies the channels. */
        private final int widening;

        Block(int widening) {
            this.widening = widening;
        }

        abstract SpatialLayer create(ParameterPath path, FeatureMap shape);

        abstract SDVariable nonlinearity(GraphBuilder g, SDVariable x);
    }

    /**
     * The network's inside.
     *
     * @param channels between the first and the last convolution; at least 1, of gated blocks 2
     * @param blocks at least 0
     * @param condition what the network is told of each example: a bias of the first convolution for
     *     each class
     */
    public record Shape(Block block, int channels, int blocks, Optional<FunctionInput.Condition> condition)
            implements LayerFactory {
        /** A network that is told nothing. */
        public Shape(Block block, int channels, int blocks) {
            this(block, channels, blocks, Optional.empty());
        }

        @Override
        public Shape given(FunctionInput.Condition told) {
            return new Shape(block, channels, blocks, Optional.of(told));
        }

        public Shape {
            if (channels < 1 || blocks < 0) {
                throw new IllegalArgumentException("a network of convolutions needs at least 1 channel and 0 blocks,"
                        + " had " + channels + " and " + blocks);
            }
        }

        @Override
        public ConvNet create(ParameterPath path, EventShape in, EventShape out) {
            FeatureMap made = map(out);
            long area = WINDOW.area();
            return new ConvNet(
                    path, map(in), this, made, Initializer.glorot(area * lastChannels(), area * made.channels()));
        }

        @Override
        public ConvNet startingAtZero(ParameterPath path, EventShape in, EventShape out) {
            return new ConvNet(path, map(in), this, map(out), Initializer.zeros());
        }

        private int lastChannels() {
            return Math.multiplyExact(block.widening, channels);
        }

        private static FeatureMap map(EventShape shape) {
            if (shape instanceof FeatureMap map) {
                return map;
            }
            throw new IllegalArgumentException("a network of convolutions needs feature maps, not " + shape);
        }
    }

    private final Block block;
    private final Conv2d first;
    private final Optional<ClassBias> told;
    private final List<SpatialLayer> blocks = new ArrayList<>();
    private final Conv2d last;

    private ConvNet(ParameterPath path, FeatureMap in, Shape shape, FeatureMap out, Initializer output) {
        if (!in.withChannels(out.channels()).equals(out)) {
            throw new IllegalArgumentException(
                    "a network of convolutions keeps the places, but was asked for " + in + " to " + out);
        }
        this.block = shape.block();
        this.first = new Conv2d(
                path.child("first"),
                in,
                shape.channels(),
                WINDOW,
                Activation.IDENTITY,
                Initializer.fanIn((long) WINDOW.area() * in.channels()));
        this.told =
                shape.condition().map(condition -> new ClassBias(path.child("class"), first.outputShape(), condition));
        for (int i = 0; i < shape.blocks(); i++) {
            blocks.add(block.create(path.child("block", i), first.outputShape()));
        }
        FeatureMap widened = first.outputShape().withChannels(shape.lastChannels());
        this.last = new Conv2d(path.child("output"), widened, out.channels(), WINDOW, Activation.IDENTITY, output);
    }

    @Override
    public FeatureMap inputShape() {
        return first.inputShape();
    }

    @Override
    public FeatureMap outputShape() {
        return last.outputShape();
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>(first.parameters());
        told.ifPresent(bias -> parameters.addAll(bias.parameters()));
        blocks.forEach(layer -> parameters.addAll(layer.parameters()));
        parameters.addAll(last.parameters());
        return List.copyOf(parameters);
    }

    @Override
    public Footprint footprint() {
        Footprint sum =
                first.footprint().and(Footprint.arrays(2, last.inputShape().size()));
        for (SpatialLayer layer : blocks) {
            sum = sum.and(layer.footprint());
        }
        return sum.and(last.footprint());
    }

    @Override
    public SDVariable applyToPlaces(GraphBuilder g, SDVariable x) {
        x = first.applyToPlaces(g, x);
        if (told.isPresent()) {
            x = told.get().applyToPlaces(g, x);
        }
        for (SpatialLayer layer : blocks) {
            x = layer.applyToPlaces(g, x);
        }
        return last.applyToPlaces(g, block.nonlinearity(g, x));
    }
}
