package org.likelihood4j.models.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.layers.DenseKind.Units;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A chain of dense layers, {@code [N, in]} to {@code [N, out]}, whose last layer has no activation.
 */
public final class Mlp implements Layer {
    /**
     * The shape of a network's inside.
     *
     * @param hidden widths of the hidden layers; empty for a single affine map
     * @param activation of every hidden layer
     */
    public record Hidden(List<Integer> hidden, Activation activation) implements DenseNetwork {
        public Hidden {
            hidden = List.copyOf(hidden);
            if (hidden.stream().anyMatch(width -> width < 1)) {
                throw new IllegalArgumentException("hidden widths must be at least 1, were " + hidden);
            }
        }

        @Override
        public Mlp create(ParameterPath path, EventShape in, EventShape out, boolean startsAtZero, DenseKind kind) {
            return new Mlp(path, in, this, out, startsAtZero, kind);
        }
    }

    private final List<Layer> layers = new ArrayList<>();

    private Mlp(
            ParameterPath path, EventShape in, Hidden hidden, EventShape out, boolean startsAtZero, DenseKind kind) {
        EventShape shape = in;
        Units units = Units.INPUT;
        for (int width : hidden.hidden()) {
            EventShape next = EventShape.row(width);
            layers.add(kind.of(
                    new Dense(path.child("layer", layers.size()), shape, next, hidden.activation()),
                    units,
                    Units.HIDDEN));
            shape = next;
            units = Units.HIDDEN;
        }
        Initializer output = startsAtZero ? Initializer.zeros() : Initializer.glorot(shape.size(), out.size());
        layers.add(
                kind.of(new Dense(path.child("output"), shape, out, Activation.IDENTITY, output), units, Units.OUTPUT));
    }

    @Override
    public EventShape inputShape() {
        return layers.get(0).inputShape();
    }

    @Override
    public EventShape outputShape() {
        return last().outputShape();
    }

    private Layer last() {
        return layers.get(layers.size() - 1);
    }

    @Override
    public List<Parameter> parameters() {
        return layers.stream().flatMap(layer -> layer.parameters().stream()).toList();
    }

    @Override
    public Optional<Parameter> outputBias() {
        return last().outputBias();
    }

    @Override
    public SDVariable apply(GraphBuilder g, SDVariable x) {
        for (Layer layer : layers) {
            x = layer.apply(g, x);
        }
        return x;
    }
}
