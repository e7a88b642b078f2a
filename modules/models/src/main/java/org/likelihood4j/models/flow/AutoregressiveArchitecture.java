package org.likelihood4j.models.flow;

import java.util.List;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.bijectors.coupling.AutoregressiveStack;
import org.likelihood4j.models.bijectors.coupling.ElementwiseFamily;
import org.likelihood4j.models.bijectors.coupling.Mixing;
import org.likelihood4j.models.layers.LayerFactory;
import org.likelihood4j.models.layers.Masked;

/**
 * Autoregressive steps of a row (Papamakarios et al. 2017), in the order of its columns. A density takes one pass through the
 * networks, a sample as many as there are columns.
 *
 * @param steps at least 1
 * @param conditioner the kind of every step's network: a {@link Masked} one of the data's columns
 * @param mixing before each step
 */
public record AutoregressiveArchitecture(int steps, LayerFactory conditioner, ElementwiseFamily family, Mixing mixing)
        implements Architecture {
    public AutoregressiveArchitecture {
        if (steps < 1) {
            throw new IllegalArgumentException("steps must be at least 1, were " + steps);
        }
    }

    @Override
    public Body create(FlowData data) {
        if (!(data.shape() instanceof EventShape.Row row)) {
            throw new IllegalArgumentException("autoregressive steps are of rows, not of " + data.shape());
        }
        return new Body(
                AutoregressiveStack.of(ParameterPath.root(), row, steps, conditioner, family, mixing),
                List.of(row.size()),
                List.of());
    }

    /** Once for each column, which needs those before it. */
    @Override
    public int passesOfInverse(FlowData data) {
        return data.shape().size();
    }

    @Override
    public boolean treatsPlacesAlike() {
        return false;
    }

    @Override
    public double totalLogScale() {
        return steps * family.logScaleBound() + mixing.totalLogScale(steps);
    }
}
