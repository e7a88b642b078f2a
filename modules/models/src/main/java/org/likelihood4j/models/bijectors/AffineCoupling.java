package org.likelihood4j.models.bijectors;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.likelihood4j.models.Block;
import org.likelihood4j.models.GraphBuilder;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.Path;
import org.likelihood4j.models.layers.Mlp;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * The project's affine coupling block. For a split x = (x1, x2), networks F and G of x2, and a learned vector s:
 *
 * <pre>
 * forward:  y1 = exp(G(x2)) * x1 + F(x2)        y2 = exp(s) * x2
 * inverse:  x2 = y2 / exp(s)                    x1 = (y1 - F(x2)) / exp(G(x2))
 * Jacobian: block upper triangular, diagonal blocks diag(exp(G(x2))) and diag(exp(s))
 * log|det J| = sum(G(x2)) + sum(s)
 * </pre>
 *
 * <p>The log-determinant is not 0 in general: the block does not preserve volume. The inverse needs x2 before it can evaluate
 * F and G. The scaling exp(s) of the conditioning half is part of the block, and s exists for that half only. (Derived for
 * this project; without s it is the coupling of Dinh et al. 2017.)
 *
 * <p>Both log-scales are bounded: {@code G = c tanh(g / c)}, {@code s = c tanh(r / c)} with the network's raw output g and the
 * raw parameter r, so {@code |G|, |s| < c}. F and g are the two halves of one network's output, whose last layer starts at 0,
 * as r does: the block starts as the identity.
 */
public final class AffineCoupling implements Bijector {
    private final Path path;
    private final Mask mask;
    private final Mlp network;
    private final Parameter rawScale;
    private final double bound;

    /**
     * A block that starts as the identity.
     *
     * @param conditioner the inside of the network of F and G
     * @param bound c, the bound of |G| and |s|, above 0
     */
    public AffineCoupling(Path path, Mask mask, Mlp.Hidden conditioner, double bound) {
        if (!(bound > 0) || Double.isInfinite(bound)) {
            throw new IllegalArgumentException("the log-scale bound must be above 0 and finite, was " + bound);
        }
        this.path = path;
        this.mask = mask;
        this.bound = bound;
        this.network = new Mlp(
                path.child("conditioner"),
                mask.conditioningCount(),
                conditioner,
                2 * mask.transformedCount(),
                Initializer.zeros());
        this.rawScale = new Parameter(
                path.child("scale").prefix(), List.of((long) mask.conditioningCount()), Initializer.zeros(), false);
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>(network.parameters());
        parameters.add(rawScale);
        return parameters;
    }

    /** Where its parameters are, and c. */
    Block block() {
        return new Block(path, OptionalDouble.of(bound));
    }

    @Override
    public Result forward(GraphBuilder g, SDVariable x) {
        return scaled(g, x).result();
    }

    /**
     * The forward direction with what it is made of.
     *
     * @param x2 {@code [N, conditioning]}
     * @param logScale {@code G(x2) [N, transformed]}
     * @param s {@code [conditioning]}
     */
    record Scaled(Result result, SDVariable x2, SDVariable logScale, SDVariable s) {}

    Scaled scaled(GraphBuilder g, SDVariable x) {
        Mask.Halves halves = mask.split(g, x);
        SDVariable x1 = halves.transformed();
        SDVariable x2 = halves.conditioning();
        SDVariable s = bounded(g, g.parameter(rawScale));
        Affine affine = affine(g, x2);
        SDVariable y1 = exp(g, affine.logScale()).mul(x1).add(affine.shift());
        SDVariable y2 = x2.mul(exp(g, s));
        Result result = new Result(mask.join(g, y1, y2), logDet(g, affine.logScale(), s));
        return new Scaled(result, x2, affine.logScale(), s);
    }

    @Override
    public Result inverse(GraphBuilder g, SDVariable y) {
        Mask.Halves halves = mask.split(g, y);
        SDVariable y1 = halves.transformed();
        SDVariable y2 = halves.conditioning();
        SDVariable s = bounded(g, g.parameter(rawScale));
        SDVariable x2 = y2.mul(exp(g, s.neg()));
        Affine affine = affine(g, x2);
        SDVariable x1 = y1.sub(affine.shift()).mul(exp(g, affine.logScale().neg()));
        return new Result(mask.join(g, x1, x2), logDet(g, affine.logScale(), s).neg());
    }

    /** F(x2) and G(x2), each {@code [N, transformed]}. */
    private record Affine(SDVariable shift, SDVariable logScale) {}

    private Affine affine(GraphBuilder g, SDVariable x2) {
        SDVariable output = network.apply(g, x2);
        int d = mask.transformedCount();
        return new Affine(g.columns(output, 0, d), bounded(g, g.columns(output, d, 2 * d)));
    }

    private SDVariable bounded(GraphBuilder g, SDVariable raw) {
        return g.sameDiff().math().tanh(raw.div(bound)).mul(bound);
    }

    private SDVariable logDet(GraphBuilder g, SDVariable logScale, SDVariable s) {
        return g.sumPerExample(logScale, mask.transformedCount()).add(s.sum());
    }

    private static SDVariable exp(GraphBuilder g, SDVariable x) {
        return g.sameDiff().math().exp(x);
    }
}
