package org.likelihood4j.models.bijectors;

import java.util.List;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Footprint;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.ModelPart;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * An invertible linear map of a row (Oliva et al. 2018; Kingma and Dhariwal 2018):
 *
 * <pre>
 * y = x P L (U + diag(exp(l))) + b
 * log|det J| = sum(l)
 * </pre>
 *
 * <p>P is a fixed permutation; L, U and l are those of {@link TriangularFactors}, and start where the map only permutes the columns.
 */
public final class LuLinear implements Bijector {
    private final ParameterPath path;
    private final EventShape.Row shape;
    private final int[] order;
    private final TriangularFactors factors;
    private final Parameter bias;

    /**
     * A map that starts as the permutation.
     *
     * @param shape of at least 2 columns
     * @param bound c of {@code |l| < c}, above 0
     * @param order {@code (x P)[i] = x[order[i]]}: each column once
     */
    public LuLinear(ParameterPath path, EventShape.Row shape, double bound, int... order) {
        if (shape.size() < 2 || order.length != shape.size()) {
            throw new IllegalArgumentException(
                    "there must be at least 2 columns to mix, each once, had " + shape + " and " + order.length);
        }
        this.path = path;
        this.shape = shape;
        this.order = order.clone();
        this.factors = new TriangularFactors(path, shape.size(), bound);
        this.bias =
                new Parameter(path.child("bias").prefix(), List.of((long) shape.size()), Initializer.zeros(), false);
    }

    @Override
    public EventShape.Row inputShape() {
        return shape;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(factors.parameter(), bias);
    }

    @Override
    public List<ModelPart> parts() {
        return List.of(new ModelPart(path, List.of()));
    }

    @Override
    public Footprint footprint() {
        return Footprint.arrays(3, shape.size());
    }

    @Override
    public Result forward(GraphBuilder g, SDVariable x) {
        TriangularFactors.Values f = factors.values(g);
        SDVariable permutation = TriangularFactors.constant(g, shape.size(), (i, j) -> order[j] == i);
        SDVariable y = x.mmul(permutation.mmul(factors.product(f))).add(g.parameter(bias));
        return new Result(y, logDet(x, f));
    }

    @Override
    public Result inverse(GraphBuilder g, SDVariable y) {
        TriangularFactors.Values f = factors.values(g);
        SDVariable back = TriangularFactors.constant(g, shape.size(), (i, j) -> order[i] == j);
        SDVariable x = y.sub(g.parameter(bias)).mmul(factors.inverse(f).mmul(back));
        return new Result(x, logDet(y, f).neg());
    }

    private SDVariable logDet(SDVariable x, TriangularFactors.Values f) {
        return StableOps.zerosPerExample(x, shape).add(f.l().sum());
    }
}
