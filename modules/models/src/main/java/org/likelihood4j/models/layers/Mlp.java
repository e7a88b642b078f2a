package org.likelihood4j.models.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.graph.GraphBuilder;
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
    public record Hidden(List<Integer> hidden, Activation activation) implements LayerFactory {
        public Hidden {
            hidden = List.copyOf(hidden);
            if (hidden.stream().anyMatch(width -> width < 1)) {
                throw new IllegalArgumentException("hidden widths must be at least 1, were " + hidden);
            }
        }

        /** How many numbers the last layer takes. */
        private int lastWidth(EventShape in) {
            return hidden.isEmpty() ? in.size() : hidden.get(hidden.size() - 1);
        }

        @Override
        public Mlp create(ParameterPath path, EventShape in, EventShape out) {
            return new Mlp(path, in, this, out, Initializer.glorot(lastWidth(in), out.size()));
        }

        @Override
        public Mlp startingAtZero(ParameterPath path, EventShape in, EventShape out) {
            return new Mlp(path, in, this, out, Initializer.zeros());
        }
    }

    private final List<Dense> layers = new ArrayList<>();

    private Mlp(ParameterPath path, EventShape in, Hidden hidden, EventShape out, Initializer output) {
        EventShape shape = in;
        for (int width : hidden.hidden()) {
            EventShape next = EventShape.row(width);
            layers.add(new Dense(path.child("layer", layers.size()), shape, next, hidden.activation()));
            shape = next;
        }
        layers.add(new Dense(path.child("output"), shape, out, Activation.IDENTITY, output));
    }

    @Override
    public EventShape inputShape() {
        return layers.get(0).inputShape();
    }

    @Override
    public EventShape outputShape() {
        return last().outputShape();
    }

    List<Dense> layers() {
        return layers;
    }

    private Dense last() {
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
        for (Dense layer : layers) {
            x = layer.apply(g, x);
        }
        return x;
    }
}
