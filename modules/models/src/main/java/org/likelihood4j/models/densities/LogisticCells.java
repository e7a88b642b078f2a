package org.likelihood4j.models.densities;

import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * The probability that a logistic distribution of mean m and scale s gives to a cell of half a width h around x. With the logistic
 * function S,
 *
 * <pre>
 * P(x)          = S(a) - S(b),   a = (x + h - m)/s,  b = (x - h - m)/s
 * of the lowest = S(a)           of the highest = 1 - S(b) = S(-b)
 * log(S(a) - S(b)) = log S(a) + log S(-b) + log(1 - exp(-2h/s))
 * </pre>
 *
 * <p>The last line is exact, and stable for every a and b.
 */
final class LogisticCells {
    private LogisticCells() {}

    /**
     * {@code log P}, of each number.
     *
     * @param a of each number, as b
     * @param half h/s
     * @param lowest 1 where a cell has none below it, else 0
     * @param highest 1 where a cell has none above it, else 0
     */
    static SDVariable logProbability(
            GraphBuilder g, SDVariable a, SDVariable b, SDVariable half, SDVariable lowest, SDVariable highest) {
        SDVariable above = StableOps.softplus(a.neg()).neg();
        SDVariable below = StableOps.softplus(b).neg();
        // 1 - exp(-d) = 2 t/(1 + t) with t = tanh(d/2), which keeps its digits where d is small.
        SDVariable t = g.sameDiff().math().tanh(half);
        SDVariable cell =
                g.sameDiff().math().log(t).sub(g.sameDiff().math().log1p(t)).add(Math.log(2));
        return above.mul(highest.rsub(1))
                .add(below.mul(lowest.rsub(1)))
                .add(cell.mul(lowest.add(highest).rsub(1)));
    }

    /** Standard logistic noise from uniform noise on [0, 1), which is kept away from the ends, where it would be infinite. */
    static SDVariable noise(GraphBuilder g, SDVariable uniform) {
        SDVariable u = StableOps.clamp(uniform, 1e-6, 1 - 1e-6);
        return g.sameDiff().math().log(u.div(u.rsub(1)));
    }
}
