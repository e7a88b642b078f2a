package org.likelihood4j.models.bijectors.coupling;

import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.PartReport;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Monotone rational-quadratic splines (Gregory and Delbourgo 1982; Durkan et al. 2019): on [-B, B] a
 * column is mapped by K pieces through knots of learned places and slopes, and beyond by the identity;
 * {@code y2 = x2}.
 *
 * <pre>
 * t = (x1 + B) / 2B              lies in the bin from X of width p, which is mapped to heights from Y to Y + q
 * xi = (t - X) / p               s = q / p,  r0 = d0 / s,  r1 = d1 / s  with the slopes d0, d1 at the bin's ends
 * D = 1 + (r0 + r1 - 2) xi (1 - xi)
 * y1 = 2B (Y + q (xi^2 + r0 xi (1 - xi)) / D) - B
 * f'(x1) = s (r1 xi^2 + 2 xi (1 - xi) + r0 (1 - xi)^2) / D^2
 * </pre>
 *
 * <p>A column's parameters are K logits of widths, K logits of heights, and K - 1 raw slopes v of the
 * knots between: widths and heights are {@code m + (1 - K m) softmax}, slopes {@code exp(c tanh(v /
 * c))} with {@code c = -log m} and m = 0.001, so that none falls below m; at -B and B the slope is 1.
 * (Durkan et al. have m + softplus of the slopes, which has no upper bound.)
 *
 * <p>Which bin a number is in is said by zeros and ones, each knot's own, and all that belongs to a bin
 * is a sum of products with these: no branch and no index, so that every value and every gradient is
 * finite, and everything works on each column alone. Where a bin begins is added up as its knots are, so
 * that a number never lies before its bin.
 *
 * @param bins K, at least 2 and at most {@link #MOST_BINS}
 * @param tailBound B, above 0, in what is standardised
 */
public record RationalQuadraticFamily(int bins, double tailBound) implements ElementwiseFamily {
    /** More leave the widths hardly any freedom. */
    public static final int MOST_BINS = 100;

    /** log d {@code [N, (K - 1) transformed]} of the knots' slopes d, nats. */
    public static final String LOG_SLOPE = "log_slope";

    /** m. */
    private static final double SMALLEST = 1e-3;

    /** c. */
    static final double LOG_SLOPE_BOUND = -Math.log(SMALLEST);

    /** What is below is rounding: a root of it would have an enormous slope. */
    private static final double SMALLEST_DISCRIMINANT = 1e-14;

    public RationalQuadraticFamily {
        if (bins < 2 || bins > MOST_BINS) {
            throw new IllegalArgumentException("bins must be 2 to " + MOST_BINS + ", were " + bins);
        }
        if (!(tailBound > 0) || Double.isInfinite(tailBound)) {
            throw new IllegalArgumentException("the tail bound must be above 0 and finite, was " + tailBound);
        }
    }

    @Override
    public int parametersPerColumn() {
        return 3 * bins - 1;
    }

    @Override
    public Bijector.Result forward(GraphBuilder g, EventShape half, SDVariable x1, SDVariable parameters) {
        Inside inside = new Inside(x1);
        List<SDVariable> widths = shares(half, parameters, 0);
        List<SDVariable> heights = shares(half, parameters, bins);
        Bin bin = bin(half, parameters, new Choice(inside.share(), widths), widths, heights);
        SDVariable xi = inside.share().sub(bin.left()).div(bin.width());
        SDVariable mixed = mixed(xi);
        SDVariable numerator = xi.mul(xi).add(bin.slopeLeft().mul(mixed));
        SDVariable share = bin.bottom().add(bin.height().mul(numerator).div(bin.denominator(mixed)));
        return new Bijector.Result(
                inside.orElse(share), StableOps.sumPerExample(inside.orZero(bin.logSlope(xi, mixed)), half));
    }

    /**
     * With {@code eta = (t - Y) / q}: {@code a xi^2 + b xi = eta}, {@code b = r0 - eta (r0 + r1 - 2)}, {@code a = 1 - b}, whose
     * root is taken in the form in which nothing cancels, whatever the sign of b.
     */
    @Override
    public Bijector.Result inverse(GraphBuilder g, EventShape half, SDVariable y1, SDVariable parameters) {
        Inside inside = new Inside(y1);
        List<SDVariable> widths = shares(half, parameters, 0);
        List<SDVariable> heights = shares(half, parameters, bins);
        Bin bin = bin(half, parameters, new Choice(inside.share(), heights), widths, heights);
        SDVariable eta = inside.share().sub(bin.bottom()).div(bin.height());
        SDVariable b = bin.slopeLeft().sub(eta.mul(bin.curvature()));
        SDVariable a = b.rsub(1);
        SDVariable discriminant = b.mul(b).add(a.mul(eta).mul(4));
        SDVariable root = y1.getSameDiff().math().sqrt(StableOps.largest(discriminant, SMALLEST_DISCRIMINANT));
        SDVariable positive = StableOps.below(y1.getSameDiff().zerosLike(b), b);
        SDVariable negative = positive.rsub(1);
        SDVariable above = positive.mul(eta.mul(2)).add(negative.mul(root.sub(b)));
        SDVariable below = positive.mul(b.add(root)).add(negative.mul(a.mul(2)));
        SDVariable xi = above.div(below);
        SDVariable share = bin.left().add(bin.width().mul(xi));
        SDVariable logSlope = bin.logSlope(xi, mixed(xi));
        return new Bijector.Result(
                inside.orElse(share),
                StableOps.sumPerExample(inside.orZero(logSlope), half).neg());
    }

    /** {@code xi (1 - xi)}, also where xi is beyond its bin by a last digit: then a slope near 0 stays above it. */
    private static SDVariable mixed(SDVariable xi) {
        return StableOps.largest(xi.mul(xi.rsub(1)), 0);
    }

    /** What lies within [-B, B] as a share of it, and what lies beyond as it is. */
    private final class Inside {
        private final SDVariable x;
        /** 1 within, 0 beyond. */
        private final SDVariable within;

        private final SDVariable share;

        Inside(SDVariable x) {
            this.x = x;
            SDVariable zeros = x.getSameDiff().zerosLike(x);
            this.within = StableOps.below(zeros.sub(tailBound), x).mul(StableOps.below(x, zeros.add(tailBound)));
            SDVariable clipped = StableOps.smallest(StableOps.largest(x, -tailBound), tailBound);
            this.share = clipped.add(tailBound).mul(0.5 / tailBound);
        }

        SDVariable share() {
            return share;
        }

        SDVariable orElse(SDVariable mapped) {
            SDVariable value = mapped.mul(2 * tailBound).sub(tailBound);
            return within.mul(value).add(within.rsub(1).mul(x));
        }

        SDVariable orZero(SDVariable value) {
            return within.mul(value);
        }
    }

    /** Of the parameters the one of this index, of all columns. */
    private static SDVariable parameter(EventShape half, SDVariable parameters, int index) {
        return StableOps.columns(parameters, index * half.size(), (index + 1) * half.size());
    }

    /** K widths or heights, whose logits begin at this parameter, as shares of 1. */
    private List<SDVariable> shares(EventShape half, SDVariable parameters, int from) {
        List<SDVariable> logits = new ArrayList<>();
        SDVariable largest = null;
        for (int k = 0; k < bins; k++) {
            SDVariable logit = parameter(half, parameters, from + k);
            logits.add(logit);
            largest = largest == null ? logit : parameters.getSameDiff().max(largest, logit);
        }
        // The gradient with respect to the largest is 0, whatever it is.
        SDVariable shift = StableOps.stopGradient(largest);
        List<SDVariable> powers = new ArrayList<>();
        SDVariable sum = null;
        for (SDVariable logit : logits) {
            SDVariable power = parameters.getSameDiff().math().exp(logit.sub(shift));
            powers.add(power);
            sum = sum == null ? power : sum.add(power);
        }
        SDVariable scale = sum.rdiv(1 - bins * SMALLEST);
        return powers.stream().map(power -> power.mul(scale).add(SMALLEST)).toList();
    }

    /** By zeros and ones which bin of an axis a number is in. */
    private static final class Choice {
        /** For each bin but the last 1 where the number lies behind it. */
        private final List<SDVariable> behind = new ArrayList<>();
        /** For each bin 1 where the number lies in it. */
        private final List<SDVariable> in = new ArrayList<>();

        Choice(SDVariable share, List<SDVariable> sizes) {
            SDVariable knot = null;
            for (SDVariable size : sizes.subList(0, sizes.size() - 1)) {
                knot = knot == null ? size : knot.add(size);
                SDVariable next = StableOps.below(knot, share);
                in.add(behind.isEmpty() ? next.rsub(1) : last().sub(next));
                behind.add(next);
            }
            in.add(last());
        }

        private SDVariable last() {
            return behind.get(behind.size() - 1);
        }

        /** Where the bin begins. */
        SDVariable start(List<SDVariable> sizes) {
            return sum(behind, sizes.subList(0, behind.size()));
        }

        /** The bin's value of these, one for each bin. */
        SDVariable of(List<SDVariable> values) {
            return sum(in, values);
        }

        /** Of the knots between, what is at the bin's left end; at the first knot of all 0. */
        SDVariable left(List<SDVariable> knots) {
            return sum(in.subList(1, in.size()), knots);
        }

        SDVariable right(List<SDVariable> knots) {
            return sum(in.subList(0, knots.size()), knots);
        }

        private static SDVariable sum(List<SDVariable> flags, List<SDVariable> values) {
            SDVariable sum = null;
            for (int k = 0; k < values.size(); k++) {
                SDVariable product = flags.get(k).mul(values.get(k));
                sum = sum == null ? product : sum.add(product);
            }
            return sum;
        }
    }

    /**
     * What a number's bin is: as in the formulas above, with slopes in units of s.
     *
     * @param left X
     * @param width p
     * @param bottom Y
     * @param height q
     * @param slopeLeft r0
     * @param slopeRight r1
     */
    private record Bin(
            SDVariable left,
            SDVariable width,
            SDVariable bottom,
            SDVariable height,
            SDVariable slopeLeft,
            SDVariable slopeRight) {
        /** r0 + r1 - 2. */
        SDVariable curvature() {
            return slopeLeft.add(slopeRight).sub(2);
        }

        /** D, at least 1/2. */
        SDVariable denominator(SDVariable mixed) {
            return curvature().mul(mixed).add(1);
        }

        /** log f'. */
        SDVariable logSlope(SDVariable xi, SDVariable mixed) {
            SDVariable rest = xi.rsub(1);
            SDVariable rise = slopeRight
                    .mul(xi)
                    .mul(xi)
                    .add(mixed.mul(2))
                    .add(slopeLeft.mul(rest).mul(rest));
            SDVariable denominator = denominator(mixed);
            SDVariable slope = height.div(width).mul(rise).div(denominator.mul(denominator));
            return xi.getSameDiff().math().log(slope);
        }
    }

    private Bin bin(
            EventShape half, SDVariable parameters, Choice choice, List<SDVariable> widths, List<SDVariable> heights) {
        List<SDVariable> slopes = new ArrayList<>();
        for (int k = 0; k < bins - 1; k++) {
            slopes.add(parameter(half, parameters, 2 * bins + k));
        }
        SDVariable width = choice.of(widths);
        SDVariable height = choice.of(heights);
        SDVariable unit = width.div(height);
        // A raw slope of 0, as at the outermost knots, is a slope of 1.
        return new Bin(
                choice.start(widths),
                width,
                choice.start(heights),
                height,
                slope(choice.left(slopes)).mul(unit),
                slope(choice.right(slopes)).mul(unit));
    }

    private static SDVariable slope(SDVariable raw) {
        return raw.getSameDiff().math().exp(StableOps.bounded(raw, LOG_SLOPE_BOUND));
    }

    /** Large numbers stay what they are, and those within the bound stay within. */
    @Override
    public double logScaleBound() {
        return 0;
    }

    @Override
    public List<PartReport> reports() {
        return List.of(PartReport.bounded(LOG_SLOPE, LOG_SLOPE_BOUND));
    }

    @Override
    public List<Reported> reported(EventShape half, SDVariable parameters) {
        int size = half.size();
        SDVariable raw = StableOps.columns(parameters, 2 * bins * size, parametersPerColumn() * size);
        return List.of(new Reported(
                reports().get(0), EventShape.row((bins - 1) * size), StableOps.bounded(raw, LOG_SLOPE_BOUND)));
    }

    /** All that the way back asks for: of each bin its exponentials, shares and flags, and the parameters' gradients. */
    @Override
    public int arrays() {
        return 12 * bins + 20;
    }
}
