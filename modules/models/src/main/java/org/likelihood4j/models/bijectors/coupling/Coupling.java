package org.likelihood4j.models.bijectors.coupling;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Footprint;
import org.likelihood4j.models.ModelPart;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.PartReport;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.Outputs;
import org.likelihood4j.models.layers.Layer;
import org.likelihood4j.models.layers.LayerFactory;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A coupling: of an event's two halves x1 is transformed column by column by a map that depends on x2,
 * and x2 by one of its own.
 *
 * <pre>
 * forward:  y1 = f(x1; network(x2))      y2 = h(x2)
 * inverse:  x2 = h^-1(y2)                x1 = f^-1(y1; network(x2))
 * Jacobian: block triangular, with the diagonal df/dx1 and the block dh/dx2
 * log|det J| = sum over the columns of log|f'(x1)| + log|det dh/dx2|
 * </pre>
 *
 * <p>The {@link Split} says which columns are x1 and how the network sees x2, any {@link Layer} is
 * the network, and the {@link
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
        EventShape parameters = split.conditionerOutput(family.parametersPerColumn());
        if (!conditioner.inputShape().equals(split.conditionerInput())
                || conditioner.outputShape().size() != parameters.size()) {
            throw new IllegalArgumentException("a conditioner of this coupling takes " + split.conditionerInput()
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
        Layer conditioner = network.startingAtZero(
                path.child("conditioner"),
                split.conditionerInput(),
                split.conditionerOutput(family.parametersPerColumn()));
        return new Coupling(path, split, conditioner, family);
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
    @Override
    public List<ModelPart> parts() {
        return List.of(part());
    }

    private ModelPart part() {
        List<PartReport> reports = new ArrayList<>(family.reports());
        reports.addAll(family.conditioningReports());
        return new ModelPart(path, reports);
    }

    /** What its family reports at the input x. */
    @Override
    public void report(GraphBuilder g, SDVariable x, Outputs outputs) {
        Split.Halves halves = split.split(x);
        ModelPart part = part();
        List<ElementwiseFamily.Reported> all =
                new ArrayList<>(family.reported(split.transformed(), parameters(g, halves)));
        all.addAll(family.conditioningReported(g, path, split.conditioning(), halves.conditioning()));
        for (ElementwiseFamily.Reported reported : all) {
            outputs.matrix(part.output(reported.report()), reported.half().size(), reported.values());
        }
    }

    /** What the network makes of x2: {@code [N, parametersPerColumn * D1]}. */
    private SDVariable parameters(GraphBuilder g, Split.Halves halves) {
        return split.parameters(conditioner.apply(g, split.seen(halves)), family.parametersPerColumn());
    }

    @Override
    public Footprint footprint() {
        return Footprint.arrays(family.arrays(), inputShape().size()).and(conditioner.footprint());
    }

    @Override
    public Result forward(GraphBuilder g, SDVariable x) {
        Split.Halves halves = split.split(x);
        SDVariable x2 = halves.conditioning();
        Result first = family.forward(g, split.transformed(), halves.transformed(), parameters(g, halves));
        return conditioningMap.map(map -> join(first, map.forward(g, x2))).orElseGet(() -> join(first, x2));
    }

    @Override
    public Result inverse(GraphBuilder g, SDVariable y) {
        Split.Halves halves = split.split(y);
        SDVariable y2 = halves.conditioning();
        Optional<Result> second = conditioningMap.map(map -> map.inverse(g, y2));
        SDVariable x2 = second.map(Result::value).orElse(y2);
        SDVariable y1 = halves.transformed();
        Result first = family.inverse(g, split.transformed(), y1, parameters(g, new Split.Halves(y1, x2)));
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
