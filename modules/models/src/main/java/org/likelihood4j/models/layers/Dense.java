package org.likelihood4j.models.layers;

import java.util.List;
import org.likelihood4j.models.GraphBuilder;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.Path;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A fully connected layer: {@code y = activation(x W + b)}, {@code x [N, in]}, {@code W [in, out]}, {@code b [out]}.
 *
 * <p>Built from mmul and add: on ND4J's oneDNN builds the fused {@code xw_plus_b} is far slower.
 */
public final class Dense {
    private final Parameter weight;
    private final Parameter bias;
    private final Activation activation;

    public Dense(Path path, int in, int out, Activation activation) {
        this(path, in, out, activation, activation.weights(in, out));
    }

    /**
     * A layer with its own initialisation.
     *
     * @param weights how W starts; the bias starts at 0
     */
    public Dense(Path path, int in, int out, Activation activation, Initializer weights) {
        this.weight = new Parameter(path.child("weight").prefix(), List.of((long) in, (long) out), weights, true);
        this.bias = new Parameter(path.child("bias").prefix(), List.of((long) out), Initializer.zeros(), false);
        this.activation = activation;
    }

    public List<Parameter> parameters() {
        return List.of(weight, bias);
    }

    /** The name of b. */
    public String biasName() {
        return bias.name();
    }

    public SDVariable apply(GraphBuilder g, SDVariable x) {
        return activation.apply(g, x.mmul(g.parameter(weight)).add(g.parameter(bias)));
    }
}
