package org.likelihood4j.models.bijectors;

import java.util.List;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The matrix {@code L (U + diag(exp(l)))}: L lower triangular with ones on its diagonal, U strictly upper triangular (Kingma and
 * Dhariwal 2018). One learned matrix holds both, and on its diagonal the raw r of {@code l = c tanh(r / c)}. It starts at 0, where the
 * product is I.
 *
 * <p>The triangles are inverted by products: {@code (I + M)^-1 = (I - M)(I + M^2)(I + M^4)...}, which
 * ends, because {@code M^n = 0} for a strictly triangular M; unlike a library's inverse it has a
 * gradient.
 */
final class TriangularFactors {
    private final int size;
    private final double bound;
    private final Parameter factors;

    /**
     * Factors of a matrix of {@code size x size}.
     *
     * @param size at least 2
     * @param bound c, above 0
     */
    TriangularFactors(ParameterPath path, int size, double bound) {
        if (!(bound > 0) || Double.isInfinite(bound)) {
            throw new IllegalArgumentException("the log-scale bound must be above 0 and finite, was " + bound);
        }
        this.size = size;
        this.bound = bound;
        this.factors = new Parameter(
                path.child("factors").prefix(), List.of((long) size, (long) size), Initializer.zeros(), false);
    }

    Parameter parameter() {
        return factors;
    }

    /**
     * The matrices of a graph.
     *
     * @param identity I
     * @param lower L - I
     * @param upper U
     * @param l {@code [size]}
     */
    record Values(SDVariable identity, SDVariable lower, SDVariable upper, SDVariable l) {}

    Values values(GraphBuilder g) {
        SDVariable all = g.parameter(factors);
        SDVariable identity = constant(g, size, (i, j) -> i == j);
        return new Values(
                identity,
                all.mul(constant(g, size, (i, j) -> i > j)),
                all.mul(constant(g, size, (i, j) -> i < j)),
                StableOps.bounded(all.mul(identity).sum(1), bound));
    }

    /** Where ones are. */
    @FunctionalInterface
    interface Places {
        boolean holds(int row, int column);
    }

    /** A square matrix of zeros and ones. */
    static SDVariable constant(GraphBuilder g, int size, Places ones) {
        INDArray matrix = Nd4j.zeros(g.type(), size, size);
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                matrix.putScalar(i, j, ones.holds(i, j) ? 1 : 0);
            }
        }
        return g.sameDiff().constant(matrix);
    }

    /** {@code L (U + diag(exp(l)))}. */
    SDVariable product(Values f) {
        SDVariable lower = f.lower().add(f.identity());
        SDVariable upper =
                f.upper().add(f.identity().mul(f.l().getSameDiff().math().exp(f.l())));
        return lower.mmul(upper);
    }

    /** Its inverse. */
    SDVariable inverse(Values f) {
        SDVariable shrink = f.l().getSameDiff().math().exp(f.l().neg());
        // U + diag(s) = diag(s) (I + diag(1/s) U)
        SDVariable scaled = f.upper().mul(shrink.reshape(-1, 1));
        SDVariable upper = inverted(f, scaled).mul(shrink);
        return upper.mmul(inverted(f, f.lower()));
    }

    /** {@code (I + M)^-1} of a strictly triangular M. */
    private SDVariable inverted(Values f, SDVariable triangle) {
        SDVariable inverse = f.identity().sub(triangle);
        SDVariable power = triangle.mmul(triangle);
        for (int reach = 2; reach < size; reach *= 2) {
            inverse = inverse.mmul(f.identity().add(power));
            power = power.mmul(power);
        }
        return inverse;
    }
}
