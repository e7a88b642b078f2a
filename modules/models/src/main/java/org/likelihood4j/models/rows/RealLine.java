package org.likelihood4j.models.rows;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Footprint;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The numbers of a row, each from where it can be to the real line:
 *
 * <pre>
 * anywhere, whole numbers without bounds:  y = x
 * above low:                y = log(x - low)            log|y'| = -log(x - low)
 * in [low, high]:           y = logit(p),  p = alpha + (1 - 2 alpha) (x - low) / (high - low)
 *                           log|y'| = log(1 - 2 alpha) - log(high - low) - log p - log(1 - p)
 * whole numbers low..high:  as in [low, high + 1]
 * one of K whole numbers:   as in [0, K]
 * </pre>
 *
 * <p>Whole numbers are to come with noise on [0, 1). Alpha keeps a number that lies at an end, or is rounded to it, finite.
 *
 * @param shape of as many numbers as there are supports
 */
public record RealLine(EventShape.Row shape, List<Support> supports) implements Bijector {
    /** Of float32's 6e-8 below 1 it leaves some steps; logits are at most 13.8 either way. */
    static final double ALPHA = 1e-6;

    private static final int ARRAYS = 8;

    public RealLine {
        supports = List.copyOf(supports);
        if (supports.size() != shape.size()) {
            throw new IllegalArgumentException(supports.size() + " supports for " + shape.size() + " numbers");
        }
    }

    @Override
    public EventShape inputShape() {
        return shape;
    }

    @Override
    public Footprint footprint() {
        return Footprint.arrays(ARRAYS, shape.size());
    }

    static boolean isStraight(Support support) {
        return support instanceof Support.Line || (support instanceof Support.Integers whole && !whole.isBounded());
    }

    private static boolean isHalf(Support support) {
        return support instanceof Support.HalfLine;
    }

    private static boolean isInterval(Support support) {
        return !isStraight(support) && !isHalf(support);
    }

    private static double low(Support support) {
        if (support instanceof Support.HalfLine half) {
            return half.low();
        }
        if (support instanceof Support.Integers whole) {
            return whole.low();
        }
        return support instanceof Support.Interval interval ? interval.low() : 0;
    }

    /** Of an interval. */
    private static double width(Support support) {
        if (support instanceof Support.Interval interval) {
            return interval.high() - interval.low();
        }
        return support instanceof Support.Integers whole
                ? whole.high() - whole.low() + 1
                : ((Support.Cells) support).count();
    }

    private boolean hasHalves() {
        return supports.stream().anyMatch(RealLine::isHalf);
    }

    private boolean hasIntervals() {
        return supports.stream().anyMatch(RealLine::isInterval);
    }

    /** A number for each column, {@code [1, D]}. */
    private SDVariable each(GraphBuilder g, ToDoubleFunction<Support> number) {
        double[] numbers = supports.stream().mapToDouble(number).toArray();
        return g.sameDiff()
                .constant(Nd4j.createFromArray(numbers).castTo(g.type()).reshape(1, shape.size()));
    }

    private SDVariable mask(GraphBuilder g, Predicate<Support> which) {
        return each(g, support -> which.test(support) ? 1 : 0);
    }

    @Override
    public Result forward(GraphBuilder g, SDVariable x) {
        SDVariable y = x.mul(mask(g, RealLine::isStraight));
        SDVariable logDet = StableOps.zerosPerExample(x, shape);
        if (hasHalves()) {
            // Of all other columns the logarithm of 1.
            SDVariable above =
                    x.mul(mask(g, RealLine::isHalf)).add(each(g, support -> isHalf(support) ? -low(support) : 1));
            SDVariable log = g.sameDiff().math().log(above);
            y = y.add(log);
            logDet = logDet.sub(StableOps.sumPerExample(log, shape));
        }
        if (hasIntervals()) {
            // Of all other columns the logit of 1/2.
            SDVariable part = x.mul(each(g, support -> isInterval(support) ? 1 / width(support) : 0))
                    .add(each(g, support -> isInterval(support) ? -low(support) / width(support) : 0.5));
            SDVariable logP = g.sameDiff().math().log(part.mul(1 - 2 * ALPHA).add(ALPHA));
            SDVariable logQ =
                    g.sameDiff().math().log(part.rsub(1).mul(1 - 2 * ALPHA).add(ALPHA));
            y = y.add(logP.sub(logQ));
            SDVariable slopes = logP.add(logQ).mul(mask(g, RealLine::isInterval));
            logDet = logDet.sub(StableOps.sumPerExample(slopes, shape)).add(scales());
        }
        return new Result(y, logDet);
    }

    /** The sum over the intervals of {@code log(1 - 2 alpha) - log(width)}. */
    private double scales() {
        return supports.stream()
                .filter(RealLine::isInterval)
                .mapToDouble(support -> Math.log1p(-2 * ALPHA) - Math.log(width(support)))
                .sum();
    }

    @Override
    public Result inverse(GraphBuilder g, SDVariable y) {
        SDVariable x = y.mul(mask(g, RealLine::isStraight));
        if (hasHalves()) {
            SDVariable half = mask(g, RealLine::isHalf);
            // Masked first: the exponential of another column may overflow.
            SDVariable log = y.mul(half);
            x = x.add(g.sameDiff().math().exp(log).mul(half)).add(each(g, s -> isHalf(s) ? low(s) : 0));
        }
        if (hasIntervals()) {
            SDVariable part = g.sameDiff().nn().sigmoid(y).sub(ALPHA).mul(1 / (1 - 2 * ALPHA));
            x = x.add(part.mul(each(g, support -> isInterval(support) ? width(support) : 0)))
                    .add(each(g, support -> isInterval(support) ? low(support) : 0));
        }
        return new Result(x, StableOps.sumPerExample(logSlopes(g, y), shape));
    }

    /** {@code log|dx/dy|} of each number, {@code [N, D]}, at y on the real line. */
    public SDVariable logSlopes(GraphBuilder g, SDVariable y) {
        SDVariable slopes = g.sameDiff().zerosLike(y);
        if (hasHalves()) {
            slopes = slopes.add(y.mul(mask(g, RealLine::isHalf)));
        }
        if (hasIntervals()) {
            SDVariable sides = StableOps.softplus(y).add(StableOps.softplus(y.neg()));
            slopes = slopes.sub(sides.mul(mask(g, RealLine::isInterval)))
                    .add(each(g, s -> isInterval(s) ? Math.log(width(s)) - Math.log1p(-2 * ALPHA) : 0));
        }
        return slopes;
    }

    /** Some number of each column, {@code [1, D]}, of which the way to the real line is 0. */
    public SDVariable inside(GraphBuilder g) {
        return each(g, s -> isHalf(s) ? low(s) + 1 : isInterval(s) ? low(s) + width(s) / 2 : 0);
    }
}
