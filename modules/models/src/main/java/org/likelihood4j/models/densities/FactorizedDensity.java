package org.likelihood4j.models.densities;

import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/** A density of events whose parts are independent: of each number, or of each column where one takes several numbers. */
public interface FactorizedDensity extends Density {
    /** How many parts there are. */
    int parts();

    /** {@code [N, parts]}, nats: their sum is {@link #logProb}. */
    SDVariable logProbs(SDVariable x);

    @Override
    default SDVariable logProb(SDVariable x) {
        return StableOps.sumPerExample(logProbs(x), EventShape.row(parts()));
    }
}
