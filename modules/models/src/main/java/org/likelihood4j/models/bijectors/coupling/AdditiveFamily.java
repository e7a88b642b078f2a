package org.likelihood4j.models.bijectors.coupling;

import java.util.List;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.PartReport;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * The shifts of NICE (Dinh et al. 2015): {@code y1 = x1 + F(x2)}, {@code y2 = x2}; {@code log|det
 * J| = 0}: volume is preserved. What NICE scales by, in one diagonal matrix behind its couplings,
 * is here the standardisation of the data before them.
 */
public record AdditiveFamily() implements ElementwiseFamily {
    /** F(x2) {@code [N, transformed]}. */
    public static final String SHIFT = "shift";

    @Override
    public int parametersPerColumn() {
        return 1;
    }

    @Override
    public Bijector.Result forward(GraphBuilder g, EventShape half, SDVariable x1, SDVariable parameters) {
        return new Bijector.Result(x1.add(parameters), StableOps.zerosPerExample(x1, half));
    }

    @Override
    public Bijector.Result inverse(GraphBuilder g, EventShape half, SDVariable y1, SDVariable parameters) {
        return new Bijector.Result(y1.sub(parameters), StableOps.zerosPerExample(y1, half));
    }

    @Override
    public double logScaleBound() {
        return 0;
    }

    @Override
    public List<PartReport> reports() {
        return List.of(PartReport.unbounded(SHIFT));
    }

    @Override
    public List<Reported> reported(EventShape half, SDVariable parameters) {
        return List.of(new Reported(reports().get(0), half, parameters));
    }
}
