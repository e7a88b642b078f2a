package org.likelihood4j.models.bijectors;

import java.util.List;
import org.likelihood4j.models.EventShape.FeatureMap;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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
 *
 * <p>The triangles are inverted by products: {@code (I + M)^-1 = (I - M)(I + M^2)(I + M^4)...}, which
 * ends, because {@code M^C = 0} for a strictly triangular M; unlike a library's inverse it has a
 * gradient.
 */
public final class InvertibleConv implements Bijector {
    private final FeatureMap shape;
    private final double bound;
    private final Parameter factors;

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
        if (!(bound > 0) || Double.isInfinite(bound)) {
            throw new IllegalArgumentException("the log-scale bound must be above 0 and finite, was " + bound);
        }
        this.shape = shape;
        this.bound = bound;
        long channels = shape.channels();
        this.factors =
                new Parameter(path.child("factors").prefix(), List.of(channels, channels), Initializer.zeros(), false);
    }

    @Override
    public FeatureMap inputShape() {
        return shape;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(factors);
    }

    /**
     * The matrices of a graph.
     *
     * @param identity I
     * @param reversal P, which is its own inverse
     * @param lower L - I
     * @param upper U
     * @param l {@code [C]}
     */
    private record Factors(
            SDVariable identity, SDVariable reversal, SDVariable lower, SDVariable upper, SDVariable l) {}

    private Factors factors(GraphBuilder g) {
        SDVariable all = g.parameter(factors);
        SDVariable identity = constant(g, (i, j) -> i == j);
        SDVariable reversal = constant(g, (i, j) -> i + j == shape.channels() - 1);
        return new Factors(
                identity,
                reversal,
                all.mul(constant(g, (i, j) -> i > j)),
                all.mul(constant(g, (i, j) -> i < j)),
                StableOps.bounded(all.mul(identity).sum(1), bound));
    }

    private interface Places {
        boolean holds(int row, int column);
    }

    private SDVariable constant(GraphBuilder g, Places ones) {
        int size = shape.channels();
        INDArray matrix = Nd4j.zeros(g.type(), size, size);
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                matrix.putScalar(i, j, ones.holds(i, j) ? 1 : 0);
            }
        }
        return g.sameDiff().constant(matrix);
    }

    @Override
    public Result forward(GraphBuilder g, SDVariable x) {
        Factors f = factors(g);
        SDVariable lower = f.lower().add(f.identity());
        SDVariable upper = f.upper().add(f.identity().mul(g.sameDiff().math().exp(f.l())));
        return mixed(x, f.reversal().mmul(lower.mmul(upper)), logDet(x, f));
    }

    @Override
    public Result inverse(GraphBuilder g, SDVariable y) {
        Factors f = factors(g);
        SDVariable shrink = g.sameDiff().math().exp(f.l().neg());
        // U + diag(s) = diag(s) (I + diag(1/s) U)
        SDVariable scaled = f.upper().mul(shrink.reshape(-1, 1));
        SDVariable upper = inverted(f, scaled).mul(shrink);
        SDVariable matrix = upper.mmul(inverted(f, f.lower())).mmul(f.reversal());
        return mixed(y, matrix, logDet(y, f).neg());
    }

    /** {@code (I + M)^-1} of a strictly triangular M. */
    private SDVariable inverted(Factors f, SDVariable triangle) {
        SDVariable inverse = f.identity().sub(triangle);
        SDVariable power = triangle.mmul(triangle);
        for (int reach = 2; reach < shape.channels(); reach *= 2) {
            inverse = inverse.mmul(f.identity().add(power));
            power = power.mmul(power);
        }
        return inverse;
    }

    private Result mixed(SDVariable x, SDVariable matrix, SDVariable logDet) {
        SDVariable y = x.reshape(-1, shape.channels()).mmul(matrix);
        return new Result(y.reshape(-1, shape.size()), logDet);
    }

    private SDVariable logDet(SDVariable x, Factors f) {
        return StableOps.zerosPerExample(x, shape).add(f.l().sum().mul(shape.places()));
    }
}
