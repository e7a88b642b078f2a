package org.likelihood4j.models.bijectors.coupling;

import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.PartReport;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.bijectors.RationalQuadratic;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Monotone rational-quadratic splines (Gregory and Delbourgo 1982; Durkan et al. 2019): on [-B, B] a
 * column is mapped by K pieces through knots of learned places and slopes, and beyond by the identity;
 * {@code y2 = x2}.
 *
 * <pre>
 * t = (x1 + B) / 2B,  y1 = 2B f(t) - B      f is the {@link RationalQuadratic} of the bin that t lies in
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
        Axes axes = new Axes(half, parameters);
        RationalQuadratic.Place place =
                axes.bin(new Choice(inside.share(), axes.widths)).place(inside.share());
        return new Bijector.Result(
                inside.orElse(place.mapped()), StableOps.sumPerExample(inside.orZero(place.logSlope()), half));
    }

    @Override
    public Bijector.Result inverse(GraphBuilder g, EventShape half, SDVariable y1, SDVariable parameters) {
        Inside inside = new Inside(y1);
        Axes axes = new Axes(half, parameters);
        RationalQuadratic.Place place =
                axes.bin(new Choice(inside.share(), axes.heights)).placeOfMapped(inside.share());
        return new Bijector.Result(
                inside.orElse(place.source()),
                StableOps.sumPerExample(inside.orZero(place.logSlope()), half).neg());
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

    /** The bins of both axes. */
    private final class Axes {
        private final List<SDVariable> widths;
        private final List<SDVariable> heights;
        private final List<SDVariable> slopes = new ArrayList<>();

        Axes(EventShape half, SDVariable parameters) {
            this.widths = shares(half, parameters, 0);
            this.heights = shares(half, parameters, bins);
            for (int k = 0; k < bins - 1; k++) {
                slopes.add(parameter(half, parameters, 2 * bins + k));
            }
        }

        RationalQuadratic bin(Choice choice) {
            SDVariable width = choice.of(widths);
            SDVariable height = choice.of(heights);
            SDVariable unit = width.div(height);
            // A raw slope of 0, as at the outermost knots, is a slope of 1.
            return new RationalQuadratic(
                    choice.start(widths),
                    width,
                    choice.start(heights),
                    height,
                    slope(choice.left(slopes)).mul(unit),
                    slope(choice.right(slopes)).mul(unit));
        }
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
