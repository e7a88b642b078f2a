package org.likelihood4j.models.layers;

import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.models.GraphBuilder;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.Path;
import org.nd4j.autodiff.samediff.SDVariable;

/** A chain of dense layers, {@code [N, in]} to {@code [N, out]}, whose last layer has no activation. */
public final class Mlp {
    /**
     * The shape of a network's inside.
     *
     * @param hidden widths of the hidden layers; empty for a single affine map
     * @param activation of every hidden layer
     */
    public record Hidden(List<Integer> hidden, Activation activation) {
        public Hidden {
            hidden = List.copyOf(hidden);
            if (hidden.stream().anyMatch(width -> width < 1)) {
                throw new IllegalArgumentException("hidden widths must be at least 1, were " + hidden);
            }
        }
    }

    private final List<Dense> layers = new ArrayList<>();

    public Mlp(Path path, int in, Hidden hidden, int out) {
        this(path, in, hidden, out, Initializer.glorot(lastWidth(in, hidden), out));
    }

    /**
     * A network with its own initialisation of the last layer.
     *
     * @param output how the last layer's weights start; zeros make the network's first output exactly 0
     */
    public Mlp(Path path, int in, Hidden hidden, int out, Initializer output) {
        int width = in;
        for (int next : hidden.hidden()) {
            layers.add(new Dense(path.child("layer", layers.size()), width, next, hidden.activation()));
            width = next;
        }
        layers.add(new Dense(path.child("output"), width, out, Activation.IDENTITY, output));
    }

    private static int lastWidth(int in, Hidden hidden) {
        return hidden.hidden().isEmpty()
                ? in
                : hidden.hidden().get(hidden.hidden().size() - 1);
    }

    public List<Parameter> parameters() {
        return layers.stream().flatMap(layer -> layer.parameters().stream()).toList();
    }

    /** The name of the last layer's bias. */
    public String outputBiasName() {
        return layers.get(layers.size() - 1).biasName();
    }

    public SDVariable apply(GraphBuilder g, SDVariable x) {
        for (Dense layer : layers) {
            x = layer.apply(g, x);
        }
        return x;
    }
}
