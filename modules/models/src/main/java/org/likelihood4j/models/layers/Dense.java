package org.likelihood4j.models.layers;

import java.util.List;
import java.util.Optional;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A fully connected layer: {@code y = activation(x W + b)}, {@code x [N, in]}, {@code W [in, out]},
 * {@code b [out]}.
 *
 * <p>Built from mmul and add: on ND4J's oneDNN builds the fused {@code xw_plus_b} is far slower.
 */
public final class Dense implements Layer {
    private final EventShape in;
    private final EventShape out;
    private final Parameter weight;
    private final Parameter bias;
    private final Activation activation;

    public Dense(ParameterPath path, EventShape in, EventShape out, Activation activation) {
        this(path, in, out, activation, activation.weights(in.size(), out.size()));
    }

    /**
     * A layer with its own initialisation.
     *
     * @param weights how W starts; the bias starts at 0
     */
    public Dense(ParameterPath path, EventShape in, EventShape out, Activation activation, Initializer weights) {
        this.in = in;
        this.out = out;
        List<Long> matrix = List.of((long) in.size(), (long) out.size());
        this.weight = new Parameter(path.child("weight").prefix(), matrix, weights, true);
        this.bias = new Parameter(path.child("bias").prefix(), matrix.subList(1, 2), Initializer.zeros(), false);
        this.activation = activation;
    }

    @Override
    public EventShape inputShape() {
        return in;
    }

    @Override
    public EventShape outputShape() {
        return out;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(weight, bias);
    }

    @Override
    public Optional<Parameter> outputBias() {
        return activation == Activation.IDENTITY ? Optional.of(bias) : Optional.empty();
    }

    @Override
    public SDVariable apply(GraphBuilder g, SDVariable x) {
        return apply(g, x, g.parameter(weight));
    }

    /** The same with zeros instead of some weights: those that the mask {@code [in, out]} has no 1 for. */
    SDVariable masked(GraphBuilder g, SDVariable x, SDVariable mask) {
        return apply(g, x, g.parameter(weight).mul(mask));
    }

    private SDVariable apply(GraphBuilder g, SDVariable x, SDVariable weights) {
        return activation.apply(g, x.mmul(weights).add(g.parameter(bias)));
    }
}
