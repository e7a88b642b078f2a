package org.likelihood4j.models.bijectors.coupling;

import java.util.List;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Footprint;
import org.likelihood4j.models.ModelPart;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.Outputs;
import org.likelihood4j.models.layers.Layer;
import org.likelihood4j.models.layers.LayerFactory;
import org.likelihood4j.models.layers.Masked;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Each number of a row is mapped by what a masked network makes of those before it:
 *
 * <pre>
 * forward:  y_i = f(x_i; network_i(x_1 ... x_(i-1))),  all i at once
 * inverse:  x_i = f^-1(y_i; network_i(x_1 ... x_(i-1))),  one i after the other
 * Jacobian: lower triangular, with the diagonal f'(x_i)
 * log|det J| = sum over i of log|f'(x_i)|
 * </pre>
 *
 * <p>The {@link ElementwiseFamily} says what f is: with the {@link AffineFamily} {@code y_i = exp(G_i) x_i + F_i} (Kingma
 * et al. 2016, equation 10).
 *
 * <p>From noise to latents that is a step of an inverse-autoregressive flow, which is drawn from in one
 * pass, and whose density at its own draws costs no more; from data to latents one of a masked
 * autoregressive flow (Papamakarios et al. 2017). The inverse asks the network D times: after the i-th
 * time the first i numbers are right. All D times are operations of one graph.
 */
public final class Autoregressive implements Bijector {
    private final ParameterPath path;
    private final EventShape.Row shape;
    private final Layer network;
    private final ElementwiseFamily family;

    /**
     * A step that starts as the identity.
     *
     * @param shape of D numbers
     * @param kind of its network: a {@link Masked} one of D columns, whatever it is told beside
     * @param family without a map of a conditioning half
     * @throws IllegalArgumentException if it has one
     */
    public Autoregressive(ParameterPath path, EventShape.Row shape, LayerFactory kind, ElementwiseFamily family) {
        if (family.conditioningMap(path, shape).isPresent()) {
            throw new IllegalArgumentException("every number of an autoregressive step is transformed, so that "
                    + family + " has no other half to map");
        }
        this.path = path;
        this.shape = shape;
        this.family = family;
        this.network = kind.startingAtZero(
                path.child("conditioner"),
                shape,
                EventShape.row(Math.multiplyExact(family.parametersPerColumn(), shape.size())));
    }

    @Override
    public EventShape inputShape() {
        return shape;
    }

    @Override
    public List<Parameter> parameters() {
        return network.parameters();
    }

    @Override
    public List<ModelPart> parts() {
        return List.of(part());
    }

    private ModelPart part() {
        return new ModelPart(path, family.reports());
    }

    @Override
    public void report(GraphBuilder g, SDVariable x, Outputs outputs) {
        for (ElementwiseFamily.Reported reported : family.reported(shape, network.apply(g, x))) {
            outputs.matrix(part().output(reported.report()), reported.half().size(), reported.values());
        }
    }

    @Override
    public Footprint footprint() {
        return Footprint.arrays(family.arrays(), shape.size()).and(network.footprint());
    }

    @Override
    public Result forward(GraphBuilder g, SDVariable x) {
        return family.forward(g, shape, x, network.apply(g, x));
    }

    @Override
    public Result inverse(GraphBuilder g, SDVariable y) {
        Result result = family.inverse(g, shape, y, network.apply(g, y));
        for (int i = 1; i < shape.size(); i++) {
            SDVariable known = result.value();
            result = g.named("pass" + i, () -> family.inverse(g, shape, y, network.apply(g, known)));
        }
        return result;
    }
}
