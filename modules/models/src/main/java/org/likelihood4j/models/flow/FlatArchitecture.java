package org.likelihood4j.models.flow;

import java.util.List;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.bijectors.Chain;
import org.likelihood4j.models.bijectors.Permutation;
import org.likelihood4j.models.bijectors.coupling.CouplingStack;
import org.likelihood4j.models.bijectors.coupling.ElementwiseFamily;
import org.likelihood4j.models.bijectors.coupling.Mixing;
import org.likelihood4j.models.layers.LayerFactory;

/**
 * Couplings of a row whose two halves, at first those of {@link FlowData#firstHalf}, take turns.
 *
 * @param couplings at least 1
 * @param conditioner the kind of every coupling's network
 * @param mixing before each coupling
 */
public record FlatArchitecture(int couplings, LayerFactory conditioner, ElementwiseFamily family, Mixing mixing)
        implements Architecture {
    /** Where halves only take turns. */
    public FlatArchitecture(int couplings, LayerFactory conditioner, ElementwiseFamily family) {
        this(couplings, conditioner, family, Mixing.NONE);
    }

    public FlatArchitecture {
        if (couplings < 1) {
            throw new IllegalArgumentException("couplings must be at least 1, was " + couplings);
        }
    }

    @Override
    public Body create(FlowData data) {
        CouplingStack stack = new CouplingStack(
                ParameterPath.root(),
                EventShape.row(data.shape().size()),
                data.firstHalf(),
                couplings,
                conditioner,
                family,
                mixing);
        return new Body(
                new Chain(List.of(new Permutation(data.shape(), data.order()), stack)),
                List.of(data.shape().size()),
                List.of());
    }

    @Override
    public boolean treatsPlacesAlike() {
        return false;
    }

    @Override
    public double totalLogScale() {
        return couplings * family.logScaleBound() + mixing.totalLogScale(couplings);
    }
}
