package org.likelihood4j.models.bijectors;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Footprint;
import org.likelihood4j.models.Initializer;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Each column by itself to nearly a standard normal one (Laparra et al. 2011; Meng et al. 2020): a monotone spline of {@link RationalQuadratic}s through
 * {@value QuantileKnots#COUNT} quantiles of the training data, each mapped to the same quantile of N(0, 1), and straight beyond the outermost;
 * {@code log|det J|} is the sum of the logs of its slopes. Its knots are buffers: nothing of it is trained.
 */
public final class Gaussianization implements Bijector {
    private static final int ARRAYS = 4 * QuantileKnots.COUNT;

    private final EventShape.Row shape;
    private final Parameter knots;
    private final Parameter scores;
    private final Parameter logSlopes;

    /** A map that is the identity until its buffers are set. */
    public Gaussianization(ParameterPath path, EventShape.Row shape) {
        this.shape = shape;
        List<Double> identity = IntStream.range(0, QuantileKnots.COUNT)
                .mapToObj(k -> k - (QuantileKnots.COUNT - 1) / 2.0)
                .toList();
        this.knots = buffer(path.child("knots"), new Initializer.Rows(identity));
        this.scores = buffer(path.child("scores"), new Initializer.Rows(identity));
        this.logSlopes = buffer(path.child("logSlopes"), Initializer.zeros());
    }

    private Parameter buffer(ParameterPath path, Initializer initializer) {
        return new Parameter(
                path.prefix(), List.of((long) QuantileKnots.COUNT, (long) shape.size()), initializer, false);
    }

    @Override
    public EventShape.Row inputShape() {
        return shape;
    }

    @Override
    public List<Parameter> buffers() {
        return List.of(knots, scores, logSlopes);
    }

    @Override
    public Footprint footprint() {
        return Footprint.arrays(ARRAYS, shape.size());
    }

    /**
     * The buffers' values.
     *
     * @param sorted the training data, column by column, the smallest first
     */
    public Map<String, double[]> values(List<double[]> sorted) {
        int size = shape.size();
        double[][] all = new double[3][QuantileKnots.COUNT * size];
        for (int column = 0; column < size; column++) {
            QuantileKnots own = QuantileKnots.of(sorted.get(column));
            for (int k = 0; k < QuantileKnots.COUNT; k++) {
                all[0][k * size + column] = own.knots()[k];
                all[1][k * size + column] = own.scores()[k];
                all[2][k * size + column] = Math.log(own.slopes()[k]);
            }
        }
        return Map.of(knots.name(), all[0], scores.name(), all[1], logSlopes.name(), all[2]);
    }

    @Override
    public Result forward(GraphBuilder g, SDVariable x) {
        List<SDVariable> from = rows(g, knots);
        List<SDVariable> slope = slopes(g);
        Sides sides = new Sides(x, from);
        RationalQuadratic.Place place = bin(g, new Choice(sides.inside(), from)).place(sides.inside());
        SDVariable y = place.mapped()
                .add(sides.below(first(from)).mul(first(slope)))
                .add(sides.above(last(from)).mul(last(slope)));
        return new Result(y, StableOps.sumPerExample(place.logSlope(), shape));
    }

    @Override
    public Result inverse(GraphBuilder g, SDVariable y) {
        List<SDVariable> from = rows(g, scores);
        List<SDVariable> slope = slopes(g);
        Sides sides = new Sides(y, from);
        RationalQuadratic.Place place = bin(g, new Choice(sides.inside(), from)).placeOfMapped(sides.inside());
        SDVariable x = place.source()
                .add(sides.below(first(from)).div(first(slope)))
                .add(sides.above(last(from)).div(last(slope)));
        return new Result(x, StableOps.sumPerExample(place.logSlope(), shape).neg());
    }

    private RationalQuadratic bin(GraphBuilder g, Choice choice) {
        List<SDVariable> x = rows(g, knots);
        List<SDVariable> y = rows(g, scores);
        List<SDVariable> slope = slopes(g);
        SDVariable left = choice.left(x);
        SDVariable width = choice.right(x).sub(left);
        SDVariable bottom = choice.left(y);
        SDVariable height = choice.right(y).sub(bottom);
        SDVariable unit = width.div(height);
        return new RationalQuadratic(
                left,
                width,
                bottom,
                height,
                choice.left(slope).mul(unit),
                choice.right(slope).mul(unit));
    }

    /** Each knot's values of all columns, {@code [1, D]}. */
    private List<SDVariable> rows(GraphBuilder g, Parameter buffer) {
        int size = shape.size();
        SDVariable flat = g.buffer(buffer).reshape(1, QuantileKnots.COUNT * size);
        return IntStream.range(0, QuantileKnots.COUNT)
                .mapToObj(k -> StableOps.columns(flat, k * size, (k + 1) * size))
                .toList();
    }

    private List<SDVariable> slopes(GraphBuilder g) {
        return rows(g, logSlopes).stream()
                .map(row -> g.sameDiff().math().exp(row))
                .toList();
    }

    private static SDVariable first(List<SDVariable> rows) {
        return rows.get(0);
    }

    private static SDVariable last(List<SDVariable> rows) {
        return rows.get(rows.size() - 1);
    }

    /** What lies beyond the outermost knots. */
    private static final class Sides {
        private final SDVariable x;
        /** 1 below the first knot. */
        private final SDVariable below;
        /** 1 above the last. */
        private final SDVariable above;

        private final SDVariable inside;

        Sides(SDVariable x, List<SDVariable> knots) {
            SDVariable zeros = x.getSameDiff().zerosLike(x);
            this.x = x;
            this.below = StableOps.below(x, zeros.add(first(knots)));
            this.above = StableOps.below(zeros.add(last(knots)), x);
            this.inside =
                    x.mul(below.add(above).rsub(1)).add(below.mul(first(knots))).add(above.mul(last(knots)));
        }

        /** x, where it is beyond, the outermost knot. */
        SDVariable inside() {
            return inside;
        }

        /** How far below the first knot, as a negative number; else 0. */
        SDVariable below(SDVariable knot) {
            return x.sub(knot).mul(below);
        }

        /** How far above the last; else 0. */
        SDVariable above(SDVariable knot) {
            return x.sub(knot).mul(above);
        }
    }

    /** By zeros and ones which bin a number is in. */
    private static final class Choice {
        private final List<SDVariable> in = new ArrayList<>();

        Choice(SDVariable x, List<SDVariable> knots) {
            SDVariable zeros = x.getSameDiff().zerosLike(x);
            SDVariable behind = zeros.add(1);
            for (SDVariable knot : knots.subList(1, knots.size() - 1)) {
                SDVariable next = StableOps.below(zeros.add(knot), x);
                in.add(behind.sub(next));
                behind = next;
            }
            in.add(behind);
        }

        /** What is at the bin's left knot. */
        SDVariable left(List<SDVariable> values) {
            return sum(values.subList(0, in.size()));
        }

        SDVariable right(List<SDVariable> values) {
            return sum(values.subList(1, in.size() + 1));
        }

        /** All but one of the terms are 0: the value itself, not rounded. */
        private SDVariable sum(List<SDVariable> values) {
            SDVariable sum = null;
            for (int k = 0; k < values.size(); k++) {
                SDVariable product = in.get(k).mul(values.get(k));
                sum = sum == null ? product : sum.add(product);
            }
            return sum;
        }
    }
}
