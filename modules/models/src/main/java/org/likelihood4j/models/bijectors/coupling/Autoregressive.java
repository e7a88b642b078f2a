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
import org.likelihood4j.models.layers.MaskedMlp;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Each number of a row is mapped by what a masked network makes of those before it (Kingma et al. 2016,
 * equation 10):
 *
 * <pre>
 * forward:  y_i = exp(G_i(x_1 ... x_(i-1))) x_i + F_i(x_1 ... x_(i-1)),  all i at once
 * inverse:  x_i = (y_i - F_i(x_1 ... x_(i-1))) exp(-G_i(x_1 ... x_(i-1))),  one i after the other
 * Jacobian: lower triangular, with the diagonal exp(G)
 * log|det J| = sum(G)
 * </pre>
 *
 * <p>From noise to latents that is a step of an inverse-autoregressive flow, which is drawn from in one
 * pass, and whose density at its own draws costs no more; from data to latents one of a masked
 * autoregressive flow (Papamakarios et al. 2017). The inverse asks the network D times: after the i-th
 * time the first i numbers are right. {@code G = c tanh(g / c)}, as in the {@link AffineFamily}.
 */
public final class Autoregressive implements Bijector {
    private static final int ARRAYS = 6;

    private final ParameterPath path;
    private final EventShape.Row shape;
    private final Layer network;
    private final AffineFamily family;

    /**
     * A step that starts as the identity.
     *
     * @param shape of D numbers
     * @param kind of its network: a {@link MaskedMlp.Shape} of D columns, whatever it is told beside
     */
    public Autoregressive(ParameterPath path, EventShape.Row shape, LayerFactory kind, AffineFamily family) {
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
        ElementwiseFamily.Reported reported = family.reported(shape, network.apply(g, x));
        outputs.matrix(part().output(reported.report()), shape.size(), reported.values());
    }

    @Override
    public Footprint footprint() {
        return Footprint.arrays(ARRAYS, shape.size()).and(network.footprint());
    }

    @Override
    public Result forward(GraphBuilder g, SDVariable x) {
        return family.forward(g, shape, x, network.apply(g, x));
    }

    @Override
    public Result inverse(GraphBuilder g, SDVariable y) {
        Result result = family.inverse(g, shape, y, network.apply(g, y));
        for (int i = 1; i < shape.size(); i++) {
            result = family.inverse(g, shape, y, network.apply(g, result.value()));
        }
        return result;
    }
}
