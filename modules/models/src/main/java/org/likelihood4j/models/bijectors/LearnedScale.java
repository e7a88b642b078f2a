package org.likelihood4j.models.bijectors;

import java.util.List;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * {@code y = exp(s) x} for each column, with a learned vector s, the same for every example; {@code
 * log|det J| = sum(s)}.
 *
 * <p>s is bounded: {@code s = c tanh(r / c)} with the raw parameter r, so {@code |s| < c}. r starts
 * at 0: the map starts as the identity.
 */
public final class LearnedScale implements Bijector {
    private final EventShape shape;
    private final double bound;
    private final Parameter raw;

    /**
     * A scale that starts as the identity.
     *
     * @param path the name of r
     * @param bound c, above 0
     */
    public LearnedScale(ParameterPath path, EventShape shape, double bound) {
        if (!(bound > 0) || Double.isInfinite(bound)) {
            throw new IllegalArgumentException("the log-scale bound must be above 0 and finite, was " + bound);
        }
        this.shape = shape;
        this.bound = bound;
        this.raw = new Parameter(path.prefix(), List.of((long) shape.size()), Initializer.zeros(), false);
    }

    @Override
    public EventShape inputShape() {
        return shape;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(raw);
    }

    /** s {@code [size]}, nats. */
    public SDVariable logScale(GraphBuilder g) {
        return StableOps.bounded(g.parameter(raw), bound);
    }

    @Override
    public Result forward(GraphBuilder g, SDVariable x) {
        SDVariable s = logScale(g);
        return new Result(x.mul(g.sameDiff().math().exp(s)), logDet(x, s));
    }

    @Override
    public Result inverse(GraphBuilder g, SDVariable y) {
        SDVariable s = logScale(g);
        return new Result(y.mul(g.sameDiff().math().exp(s.neg())), logDet(y, s).neg());
    }

    private SDVariable logDet(SDVariable x, SDVariable s) {
        return StableOps.zerosPerExample(x, shape).add(s.sum());
    }
}
