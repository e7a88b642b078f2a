package org.likelihood4j.models.bijectors;

import java.util.List;
import org.likelihood4j.models.EventShape.FeatureMap;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * An invertible 1x1 convolution, which mixes the channels of each place (Kingma and Dhariwal 2018):
 *
 * <pre>
 * y = x P L (U + diag(exp(l)))     for the row x of a place's channels
 * log|det J| = H W sum(l)
 * </pre>
 *
 * <p>P reverses the channels and stays; L is lower triangular with ones on its diagonal, U strictly
 * upper triangular. One learned C x C matrix holds both, and on its diagonal the raw r of {@code l =
 * c tanh(r / c)}. It starts at 0, where the map only reverses the channels.
 */
public final class InvertibleConv implements Bijector {
    private final FeatureMap shape;
    private final TriangularFactors factors;

    /**
     * A convolution that starts as the reversal of the channels.
     *
     * @param shape of at least 2 channels
     * @param bound c, above 0
     */
    public InvertibleConv(ParameterPath path, FeatureMap shape, double bound) {
        if (shape.channels() < 2) {
            throw new IllegalArgumentException("there must be at least 2 channels to mix, had " + shape.channels());
        }
        this.shape = shape;
        this.factors = new TriangularFactors(path, shape.channels(), bound);
    }

    @Override
    public FeatureMap inputShape() {
        return shape;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(factors.parameter());
    }

    /** P, which is its own inverse. */
    private SDVariable reversal(GraphBuilder g) {
        return TriangularFactors.constant(g, shape.channels(), (i, j) -> i + j == shape.channels() - 1);
    }

    @Override
    public Result forward(GraphBuilder g, SDVariable x) {
        TriangularFactors.Values f = factors.values(g);
        return mixed(x, reversal(g).mmul(factors.product(f)), logDet(x, f));
    }

    @Override
    public Result inverse(GraphBuilder g, SDVariable y) {
        TriangularFactors.Values f = factors.values(g);
        return mixed(y, factors.inverse(f).mmul(reversal(g)), logDet(y, f).neg());
    }

    private Result mixed(SDVariable x, SDVariable matrix, SDVariable logDet) {
        SDVariable y = x.reshape(-1, shape.channels()).mmul(matrix);
        return new Result(y.reshape(-1, shape.size()), logDet);
    }

    private SDVariable logDet(SDVariable x, TriangularFactors.Values f) {
        return StableOps.zerosPerExample(x, shape).add(f.l().sum().mul(shape.places()));
    }
}
