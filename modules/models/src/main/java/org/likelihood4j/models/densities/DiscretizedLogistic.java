package org.likelihood4j.models.densities;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Independent whole numbers k, each with the probability that a logistic distribution gives to the cell around it (Salimans et al. 2017). On
 * an event's scale {@code x = offset + k step}, and the cell is [x - step/2, x + step/2); the cells at the ends reach to infinity. Its
 * noise is uniform on [0, 1).
 *
 * @param scale of the events
 * @param mean {@code [N, size]}
 * @param logScale of the logistic distribution, {@code [N, size]}
 */
public record DiscretizedLogistic(GraphBuilder g, Scale scale, SDVariable mean, SDVariable logScale)
        implements FactorizedDensity {
    /** Far below the cell of a column with a few far values, which make its deviation wide. */
    private static final double SMALLEST_LOG_SCALE = -14;

    private static final double LARGEST_LOG_SCALE = 5;

    /** More than a column of whole numbers can have, and finite. */
    private static final double FAR = 1e20;

    /**
     * Where whole numbers stand on an event's scale.
     *
     * @param ends of each column
     * @param offset where 0 is, {@code [1, size]}
     * @param step from one to the next, {@code [1, size]}
     */
    public record Scale(List<Ends> ends, SDVariable offset, SDVariable step) {
        public Scale {
            ends = List.copyOf(ends);
        }

        private SDVariable each(GraphBuilder g, ToDoubleFunction<Ends> number) {
            double[] numbers = ends.stream()
                    .mapToDouble(number)
                    .map(x -> Math.min(FAR, Math.max(-FAR, x)))
                    .toArray();
            return g.sameDiff()
                    .constant(Nd4j.createFromArray(numbers).castTo(g.type()).reshape(1, numbers.length));
        }
    }

    /** The smallest and the largest of a column's whole numbers; infinite where there is no end. */
    public record Ends(double low, double high) {
        public Ends {
            if (!(low <= high)) {
                throw new IllegalArgumentException("low must be at most high, were " + low + " and " + high);
            }
        }

        /** Of all whole numbers. */
        public static Ends none() {
            return new Ends(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        }
    }

    @Override
    public EventShape shape() {
        return EventShape.row(parts());
    }

    @Override
    public int parts() {
        return scale.ends().size();
    }

    private SDVariable bounded() {
        return StableOps.clamp(logScale, SMALLEST_LOG_SCALE, LARGEST_LOG_SCALE);
    }

    @Override
    public SDVariable logProbs(SDVariable x) {
        SDVariable precision = g.sameDiff().math().exp(bounded().neg());
        SDVariable half = scale.step().mul(0.5);
        SDVariable centred = x.sub(mean);
        SDVariable a = centred.add(half).mul(precision);
        SDVariable b = centred.sub(half).mul(precision);
        SDVariable zeros = g.sameDiff().zerosLike(x);
        SDVariable lowest = StableOps.below(x, zeros.add(middleAbove(Ends::low)));
        SDVariable highest = StableOps.below(zeros.add(middleBelow(Ends::high)), x);
        return LogisticCells.logProbability(g, a, b, precision.mul(half), lowest, highest);
    }

    private SDVariable middleAbove(ToDoubleFunction<Ends> number) {
        return scale.each(g, ends -> number.applyAsDouble(ends) + 0.5)
                .mul(scale.step())
                .add(scale.offset());
    }

    private SDVariable middleBelow(ToDoubleFunction<Ends> number) {
        return scale.each(g, ends -> number.applyAsDouble(ends) - 0.5)
                .mul(scale.step())
                .add(scale.offset());
    }

    @Override
    public SDVariable sample(SDVariable noise) {
        SDVariable drawn = mean.add(g.sameDiff().math().exp(bounded()).mul(LogisticCells.noise(g, noise)));
        return nearest(drawn);
    }

    /** The event whose whole numbers are nearest to any numbers on its scale. */
    public SDVariable nearest(SDVariable x) {
        SDVariable zeros = g.sameDiff().zerosLike(x);
        SDVariable whole = g.sameDiff().math().round(x.sub(scale.offset()).div(scale.step()));
        SDVariable low = g.sameDiff().max(whole, zeros.add(scale.each(g, Ends::low)));
        SDVariable kept = g.sameDiff().min(low, zeros.add(scale.each(g, Ends::high)));
        return kept.mul(scale.step()).add(scale.offset());
    }
}
