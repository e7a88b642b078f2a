package org.likelihood4j.models.bijectors;

import java.util.List;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Footprint;
import org.likelihood4j.models.FunctionInput;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.ModelPart;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A normal base for each class y, as a map to the standard one. Glow (Kingma and Dhariwal 2018) has the like for each channel, this for each number:
 *
 * <pre>
 * z = exp(l_y) x + b_y                  log|det J| = sum(l_y)
 * z ~ N(0, I)    where    x ~ N(-exp(-l_y) b_y, diag exp(-2 l_y))
 * </pre>
 *
 * <p>l is bounded: {@code l = c tanh(r / c)} with the raw parameter r {@code [classes, D]}, so {@code |l| < c}. r and b start at 0, as if there
 * were no classes.
 */
public final class ClassBase implements Bijector {
    private final ParameterPath path;
    private final EventShape shape;
    private final FunctionInput.Condition condition;
    private final double bound;
    private final Parameter raw;
    private final Parameter bias;

    /** @param bound c, above 0 */
    public ClassBase(ParameterPath path, EventShape shape, FunctionInput.Condition condition, double bound) {
        if (!(bound > 0) || Double.isInfinite(bound)) {
            throw new IllegalArgumentException("the log-scale bound must be above 0 and finite, was " + bound);
        }
        this.path = path;
        this.shape = shape;
        this.condition = condition;
        this.bound = bound;
        List<Long> each = List.of((long) condition.classes(), (long) shape.size());
        this.raw = new Parameter(path.child("scale").prefix(), each, Initializer.zeros(), false);
        this.bias = new Parameter(path.child("bias").prefix(), each, Initializer.zeros(), false);
    }

    @Override
    public EventShape inputShape() {
        return shape;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(raw, bias);
    }

    @Override
    public List<ModelPart> parts() {
        return List.of(new ModelPart(path, List.of()));
    }

    /** r, l, exp(l) and b of each example's class, and z. */
    @Override
    public Footprint footprint() {
        return Footprint.arrays(6, shape.size());
    }

    @Override
    public Result forward(GraphBuilder g, SDVariable x) {
        SDVariable l = logScale(g);
        SDVariable z = x.mul(g.sameDiff().math().exp(l)).add(ofClass(g, bias));
        return new Result(z, StableOps.sumPerExample(l, shape));
    }

    @Override
    public Result inverse(GraphBuilder g, SDVariable z) {
        SDVariable l = logScale(g);
        SDVariable x = z.sub(ofClass(g, bias)).mul(g.sameDiff().math().exp(l.neg()));
        return new Result(x, StableOps.sumPerExample(l, shape).neg());
    }

    /** l {@code [N, D]}, nats. */
    private SDVariable logScale(GraphBuilder g) {
        return StableOps.bounded(ofClass(g, raw), bound);
    }

    /** Each example's row of a parameter. */
    private SDVariable ofClass(GraphBuilder g, Parameter rows) {
        return g.condition(condition).mmul(g.parameter(rows));
    }
}
