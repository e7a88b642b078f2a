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
     * @param dropout the share of each hidden layer that a training drops, at least 0 and below 1
     */
    public record Hidden(List<Integer> hidden, Activation activation, double dropout) implements DenseNetwork {
        /** Without dropout. */
        public Hidden(List<Integer> hidden, Activation activation) {
            this(hidden, activation, 0);
        }

        public Hidden {
            Dropout.check(dropout);
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
    /** Behind each hidden layer. */
    private final List<Dropout> dropouts = new ArrayList<>();

    private Mlp(
            ParameterPath path, EventShape in, Hidden hidden, EventShape out, boolean startsAtZero, DenseKind kind) {
        EventShape shape = in;
        Units units = Units.INPUT;
        for (int width : hidden.hidden()) {
            EventShape next = EventShape.row(width);
            ParameterPath layer = path.child("layer", layers.size());
            layers.add(kind.of(new Dense(layer, shape, next, hidden.activation()), units, Units.HIDDEN));
            dropouts.add(new Dropout(hidden.dropout(), layer, next));
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
        for (int i = 0; i < dropouts.size(); i++) {
            x = dropouts.get(i).apply(g, layers.get(i).apply(g, x));
        }
        return last().apply(g, x);
    }
}
