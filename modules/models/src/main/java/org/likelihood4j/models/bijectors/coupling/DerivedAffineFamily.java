package org.likelihood4j.models.bijectors.coupling;

import java.util.List;
import java.util.Optional;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.PartReport;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.bijectors.LearnedScale;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * The project's affine coupling block. For a split x = (x1, x2), networks F and G of x2, and a
 * learned vector s:
 *
 * <pre>
 * forward:  y1 = exp(G(x2)) * x1 + F(x2)        y2 = exp(s) * x2
 * inverse:  x2 = y2 / exp(s)                    x1 = (y1 - F(x2)) / exp(G(x2))
 * Jacobian: block upper triangular, diagonal blocks diag(exp(G(x2))) and diag(exp(s))
 * log|det J| = sum(G(x2)) + sum(s)
 * </pre>
 *
 * <p>The log-determinant is not 0 in general: the block does not preserve volume. The inverse needs
 * x2 before it can evaluate F and G. The scaling exp(s) of the conditioning half is part of the
 * block, and s exists for that half only. (Derived for this project; without s it is the {@link
 * AffineFamily}.)
 *
 * <p>Both log-scales are bounded: {@code G = c tanh(g / c)}, {@code s = c tanh(r / c)} with the
 * network's raw output g and the raw parameter r, so {@code |G|, |s| < c}.
 *
 * @param affine the map of x1, whose bound c is that of s too
 */
public record DerivedAffineFamily(AffineFamily affine) implements ElementwiseFamily {
    /** s {@code [N, conditioning]}, nats, the same in every row. */
    public static final String CONDITIONING_LOG_SCALE = "conditioning_log_scale";

    /** @param logScaleBound c, above 0 */
    public DerivedAffineFamily(double logScaleBound) {
        this(new AffineFamily(logScaleBound));
    }

    @Override
    public int parametersPerColumn() {
        return affine.parametersPerColumn();
    }

    @Override
    public double logScaleBound() {
        return affine.logScaleBound();
    }

    @Override
    public Bijector.Result forward(GraphBuilder g, EventShape half, SDVariable x1, SDVariable parameters) {
        return affine.forward(g, half, x1, parameters);
    }

    @Override
    public Bijector.Result inverse(GraphBuilder g, EventShape half, SDVariable y1, SDVariable parameters) {
        return affine.inverse(g, half, y1, parameters);
    }

    /** {@code y2 = exp(s) * x2}. */
    @Override
    public Optional<Bijector> conditioningMap(ParameterPath path, EventShape half) {
        return Optional.of(scale(path, half));
    }

    private LearnedScale scale(ParameterPath path, EventShape half) {
        return new LearnedScale(path.child("scale"), half, logScaleBound());
    }

    @Override
    public List<PartReport> reports() {
        return affine.reports();
    }

    @Override
    public List<Reported> reported(EventShape half, SDVariable parameters) {
        return affine.reported(half, parameters);
    }

    @Override
    public List<PartReport> conditioningReports() {
        return List.of(PartReport.bounded(CONDITIONING_LOG_SCALE, logScaleBound()));
    }

    @Override
    public List<Reported> conditioningReported(GraphBuilder g, ParameterPath path, EventShape half, SDVariable x2) {
        SDVariable s = g.sameDiff().zerosLike(x2).add(scale(path, half).logScale(g));
        return List.of(new Reported(conditioningReports().get(0), half, s));
    }
}
