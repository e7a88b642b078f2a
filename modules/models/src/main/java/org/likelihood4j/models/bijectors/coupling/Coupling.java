package org.likelihood4j.models.bijectors.coupling;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.ModelPart;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.Outputs;
import org.likelihood4j.models.layers.Layer;
import org.likelihood4j.models.layers.LayerFactory;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A coupling: of a row's two halves x1 is transformed column by column by a map that depends on x2,
 * and x2 by one of its own.
 *
 * <pre>
 * forward:  y1 = f(x1; network(x2))      y2 = h(x2)
 * inverse:  x2 = h^-1(y2)                x1 = f^-1(y1; network(x2))
 * Jacobian: block triangular, with the diagonal df/dx1 and the block dh/dx2
 * log|det J| = sum over the columns of log|f'(x1)| + log|det dh/dx2|
 * </pre>
 *
 * <p>The split says which columns are x1, any {@link Layer} is the network, and the {@link
 * ElementwiseFamily} says what f and h are. The inverse needs x2 before it can ask the network.
 */
public final class Coupling implements Bijector {
    private final ParameterPath path;
    private final Split split;
    private final Layer conditioner;
    private final ElementwiseFamily family;
    private final Optional<Bijector> conditioningMap;

    /**
     * A coupling of given parts.
     *
     * @param path under which are the parameters that the family has beside the conditioner's
     * @param conditioner from x2 to the family's parameters for all columns of x1
     */
    public Coupling(ParameterPath path, Split split, Layer conditioner, ElementwiseFamily family) {
        int parameters = parameters(split, family).size();
        if (!conditioner.inputShape().equals(split.conditioning())
                || conditioner.outputShape().size() != parameters) {
            throw new IllegalArgumentException("a conditioner of this coupling takes " + split.conditioning()
                    + " and makes " + parameters + ", not " + conditioner.inputShape() + " and "
                    + conditioner.outputShape());
        }
        this.path = path;
        this.split = split;
        this.conditioner = conditioner;
        this.family = family;
        this.conditioningMap = family.conditioningMap(path, split.conditioning());
    }

    /** A coupling that starts as the identity, with a network of this kind as its conditioner. */
    public static Coupling startingAtIdentity(
            ParameterPath path, Split split, LayerFactory network, ElementwiseFamily family) {
        Layer conditioner =
                network.startingAtZero(path.child("conditioner"), split.conditioning(), parameters(split, family));
        return new Coupling(path, split, conditioner, family);
    }

    private static EventShape parameters(Split split, ElementwiseFamily family) {
        return EventShape.row(Math.multiplyExact(
                family.parametersPerColumn(), split.transformed().size()));
    }

    @Override
    public EventShape inputShape() {
        return split.shape();
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>(conditioner.parameters());
        conditioningMap.ifPresent(map -> parameters.addAll(map.parameters()));
        return parameters;
    }

    /** Where its parameters are, and what its family reports. */
    public ModelPart part() {
        return new ModelPart(path, family.reports());
    }

    /** Adds what its family reports at the input x, under the names of {@link ModelPart#output}. */
    void report(GraphBuilder g, SDVariable x, Outputs outputs) {
        SDVariable x2 = split.split(x).conditioning();
        ModelPart part = part();
        for (ElementwiseFamily.Reported reported : family.reported(g, path, split, x2, conditioner.apply(g, x2))) {
            outputs.matrix(part.output(reported.report()), reported.half().size(), reported.values());
        }
    }

    @Override
    public Result forward(GraphBuilder g, SDVariable x) {
        Split.Halves halves = split.split(x);
        SDVariable x2 = halves.conditioning();
        Result first = family.forward(g, split.transformed(), halves.transformed(), conditioner.apply(g, x2));
        return conditioningMap.map(map -> join(first, map.forward(g, x2))).orElseGet(() -> join(first, x2));
    }

    @Override
    public Result inverse(GraphBuilder g, SDVariable y) {
        Split.Halves halves = split.split(y);
        SDVariable y2 = halves.conditioning();
        Optional<Result> second = conditioningMap.map(map -> map.inverse(g, y2));
        SDVariable x2 = second.map(Result::value).orElse(y2);
        Result first = family.inverse(g, split.transformed(), halves.transformed(), conditioner.apply(g, x2));
        return second.map(result -> join(first, result)).orElseGet(() -> join(first, x2));
    }

    private Result join(Result first, Result second) {
        return new Result(
                split.join(first.value(), second.value()), first.logDet().add(second.logDet()));
    }

    /** Where the second half stays what it is. */
    private Result join(Result first, SDVariable second) {
        return new Result(split.join(first.value(), second), first.logDet());
    }
}
