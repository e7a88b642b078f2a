package org.likelihood4j.models.bijectors.coupling;

import java.util.List;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.PartReport;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * The affine maps of RealNVP (Dinh et al. 2017): {@code y1 = exp(G(x2)) * x1 + F(x2)}, {@code y2 =
 * x2}; {@code log|det J| = sum(G(x2))}.
 *
 * <p>A column's parameters are F, then the raw log-scale g. The log-scale is bounded: {@code G = c
 * tanh(g / c)}, so {@code |G| < c}.
 *
 * @param logScaleBound c, above 0
 */
public record AffineFamily(double logScaleBound) implements ElementwiseFamily {
    /** G(x2) {@code [N, transformed]}, nats. */
    public static final String LOG_SCALE = "log_scale";

    public AffineFamily {
        if (!(logScaleBound > 0) || Double.isInfinite(logScaleBound)) {
            throw new IllegalArgumentException("the log-scale bound must be above 0 and finite, was " + logScaleBound);
        }
    }

    @Override
    public int parametersPerColumn() {
        return 2;
    }

    @Override
    public Bijector.Result forward(GraphBuilder g, EventShape half, SDVariable x1, SDVariable parameters) {
        SDVariable shift = StableOps.columns(parameters, 0, half.size());
        SDVariable logScale = logScale(half, parameters);
        SDVariable y1 = g.sameDiff().math().exp(logScale).mul(x1).add(shift);
        return new Bijector.Result(y1, StableOps.sumPerExample(logScale, half));
    }

    @Override
    public Bijector.Result inverse(GraphBuilder g, EventShape half, SDVariable y1, SDVariable parameters) {
        SDVariable shift = StableOps.columns(parameters, 0, half.size());
        SDVariable logScale = logScale(half, parameters);
        SDVariable x1 = y1.sub(shift).mul(g.sameDiff().math().exp(logScale.neg()));
        return new Bijector.Result(x1, StableOps.sumPerExample(logScale, half).neg());
    }

    private SDVariable logScale(EventShape half, SDVariable parameters) {
        return StableOps.bounded(StableOps.columns(parameters, half.size(), 2 * half.size()), logScaleBound);
    }

    @Override
    public List<PartReport> reports() {
        return List.of(PartReport.bounded(LOG_SCALE, logScaleBound));
    }

    @Override
    public List<Reported> reported(EventShape half, SDVariable parameters) {
        return List.of(new Reported(reports().get(0), half, logScale(half, parameters)));
    }
}
