package org.likelihood4j.models.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Footprint;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.layers.DenseKind.Units;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A residual network of dense layers, {@code [N, in]} to {@code [N, out]} (as the conditioners of Durkan et al. 2019, after the
 * pre-activated blocks of He et al. 2016):
 *
 * <pre>
 * h = A x + a,   then for each block   h = h + C drop(f(B f(h) + b)) + c,   then   W h + w
 * </pre>
 *
 * <p>drop is {@link Dropout}.
 */
public final class ResidualMlp implements Layer {
    private static final int ARRAYS_OF_A_BLOCK = 5;

    /**
     * The shape of a network's inside.
     *
     * @param width of all hidden layers
     * @param blocks of two layers each
     * @param activation f
     * @param dropout the share that is dropped, at least 0 and below 1
     */
    public record Shape(int width, int blocks, Activation activation, double dropout) implements DenseNetwork {
        public Shape {
            if (width < 1 || blocks < 0) {
                throw new IllegalArgumentException(
                        "width must be at least 1 and blocks at least 0, were " + width + " and " + blocks);
            }
            Dropout.check(dropout);
        }

        @Override
        public ResidualMlp create(
                ParameterPath path, EventShape in, EventShape out, boolean startsAtZero, DenseKind kind) {
            return new ResidualMlp(path, in, this, out, startsAtZero, kind);
        }
    }

    /** Two layers, and what drops numbers between. */
    private record Block(Layer first, Layer second, Dropout dropout) {}

    private final Shape shape;
    private final Layer first;
    private final List<Block> blocks = new ArrayList<>();
    private final Layer last;

    private ResidualMlp(
            ParameterPath path, EventShape in, Shape shape, EventShape out, boolean startsAtZero, DenseKind kind) {
        this.shape = shape;
        EventShape hidden = EventShape.row(shape.width());
        this.first =
                kind.of(new Dense(path.child("first"), in, hidden, Activation.IDENTITY), Units.INPUT, Units.HIDDEN);
        for (int i = 0; i < shape.blocks(); i++) {
            ParameterPath block = path.child("block", i);
            blocks.add(new Block(
                    kind.of(
                            new Dense(block.child("layer", 0), hidden, hidden, shape.activation()),
                            Units.HIDDEN,
                            Units.HIDDEN),
                    kind.of(
                            new Dense(
                                    block.child("layer", 1),
                                    hidden,
                                    hidden,
                                    Activation.IDENTITY,
                                    Initializer.fanIn(shape.width())),
                            Units.HIDDEN,
                            Units.HIDDEN),
                    new Dropout(shape.dropout(), block, hidden)));
        }
        Initializer output = startsAtZero ? Initializer.zeros() : Initializer.glorot(shape.width(), out.size());
        this.last = kind.of(
                new Dense(path.child("output"), hidden, out, Activation.IDENTITY, output), Units.HIDDEN, Units.OUTPUT);
    }

    @Override
    public EventShape inputShape() {
        return first.inputShape();
    }

    @Override
    public EventShape outputShape() {
        return last.outputShape();
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>(first.parameters());
        for (Block block : blocks) {
            all.addAll(block.first().parameters());
            all.addAll(block.second().parameters());
        }
        all.addAll(last.parameters());
        return all;
    }

    @Override
    public Footprint footprint() {
        return Footprint.arrays(1 + ARRAYS_OF_A_BLOCK * blocks.size(), shape.width());
    }

    @Override
    public Optional<Parameter> outputBias() {
        return last.outputBias();
    }

    @Override
    public SDVariable apply(GraphBuilder g, SDVariable x) {
        SDVariable h = first.apply(g, x);
        for (Block block : blocks) {
            SDVariable inside = block.first().apply(g, shape.activation().apply(g, h));
            h = h.add(block.second().apply(g, block.dropout().apply(g, inside)));
        }
        return last.apply(g, h);
    }
}
