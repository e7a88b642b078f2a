package org.likelihood4j.models.graph;

import org.likelihood4j.models.EventShape;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ops.impl.controlflow.compat.StopGradient;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The few operations that are easily got wrong in SameDiff, each in its stable form: with finite
 * values wherever the result is finite, and with gradients that SameDiff gets right.
 */
public final class StableOps {
    private StableOps() {}

    /**
     * {@code [N, size]} to {@code [N]}: the sum over an event. (SameDiff's sum over an axis of size
     * 1 can throw.)
     */
    public static SDVariable sumPerExample(SDVariable x, EventShape shape) {
        return shape.size() == 1 ? x.reshape(-1) : x.sum(1);
    }

    /** {@code [N]} zeros, with the N of the events {@code x [N, size]}. */
    public static SDVariable zerosPerExample(SDVariable x, EventShape shape) {
        return graph(x).zerosLike(sumPerExample(x, shape));
    }

    /**
     * log(1 + exp(x)) = max(x, 0) + log1p(exp(-|x|)): finite for every finite x, unlike SameDiff's
     * softplus. max(x, 0) is written as (x + |x|)/2, because with a rectifier's slope of 0 at x = 0
     * the whole would have the slope 0 there, not 1/2.
     */
    public static SDVariable softplus(SDVariable x) {
        SameDiff graph = graph(x);
        SDVariable size = graph.math().abs(x);
        SDVariable tail = graph.math().log1p(graph.math().exp(size.neg()));
        return x.add(size).mul(0.5).add(tail);
    }

    /**
     * {@code c tanh(x / c)}: x where |x| is far below c, and always in (-c, c), with a gradient
     * everywhere.
     */
    public static SDVariable bounded(SDVariable x, double c) {
        return graph(x).math().tanh(x.div(c)).mul(c);
    }

    /**
     * The columns {@code [from, to)} of {@code x [N, D]}. (The gradient of SameDiff's strided
     * slice, which {@code get} builds, is wrong for N = 1.)
     */
    public static SDVariable columns(SDVariable x, int from, int to) {
        return graph(x).slice(x, new int[] {0, from}, -1, to - from);
    }

    /**
     * {@code y[:, i] = x[:, order[i]]} of {@code x [N, D]}, for a permutation of the D columns.
     * Rows of the transpose are scattered onto zeros, because that is the only selection of which
     * SameDiff has a working gradient: its gather has none along columns, and a product with a
     * matrix of zeros and ones needs D x D numbers.
     */
    public static SDVariable reorder(SDVariable x, int[] order) {
        SameDiff graph = graph(x);
        int[] place = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            place[order[i]] = i;
        }
        SDVariable columns = graph.transpose(x);
        SDVariable zeros = graph.zerosLike(stopGradient(columns));
        return graph.transpose(graph.scatterAdd(zeros, graph.constant(Nd4j.createFromArray(place)), columns));
    }

    /**
     * x, through which no gradient flows. (Both the name and the gradient of 0 are ND4J's own; a
     * subclass of another operation would lose its overridden gradient, because SameDiff builds the
     * gradient graph from serialised copies.)
     */
    public static SDVariable stopGradient(SDVariable x) {
        return new StopGradient(graph(x), x).outputVariable();
    }

    /**
     * x, but at least {@code low} and at most {@code high}, with the gradient of x itself: within
     * the bounds nothing changes, and what lies beyond them, where the true gradient is 0, can
     * still be drawn back. (Built from comparisons: a sum such as {@code low + max(x - low, 0)}
     * would round every x.)
     */
    public static SDVariable clamp(SDVariable x, double low, double high) {
        SameDiff graph = graph(x);
        SDVariable zeros = graph.zerosLike(x);
        SDVariable below = graph.lt(x, zeros.add(low)).castTo(x.dataType());
        SDVariable above = graph.lt(zeros.add(high), x).castTo(x.dataType());
        SDVariable inside = below.add(above).rsub(1);
        SDVariable clamped = x.mul(inside).add(below.mul(low)).add(above.mul(high));
        // x minus itself is 0, and its gradient is that of x.
        return stopGradient(clamped).add(x.sub(stopGradient(x)));
    }

    /** 1 where a is below b, else 0, of two of the same shape; no gradient flows. */
    public static SDVariable below(SDVariable a, SDVariable b) {
        return stopGradient(graph(a).lt(a, b).castTo(a.dataType()));
    }

    /** The larger of x and a number. */
    public static SDVariable largest(SDVariable x, double low) {
        return graph(x).max(x, graph(x).zerosLike(x).add(low));
    }

    /** The smaller of x and a number. */
    public static SDVariable smallest(SDVariable x, double high) {
        return graph(x).min(x, graph(x).zerosLike(x).add(high));
    }

    /**
     * {@code [N, columns]} to {@code [N * times, columns]}: each row {@code times} times, one after
     * the other.
     */
    public static SDVariable repeatRows(SDVariable x, int columns, int times) {
        if (times == 1) {
            return x;
        }
        SDVariable ones = graph(x).constant(Nd4j.ones(x.dataType(), 1, times, 1));
        return x.reshape(-1, 1, columns).mul(ones).reshape(-1, columns);
    }

    /**
     * {@code log sum of exp(x)} over the columns of {@code x [N, columns]}, to {@code [N]}: {@code
     * m + log sum of exp(x - m)} with the row's largest m, so that it neither overflows nor
     * vanishes. (SameDiff's own has no working gradient.)
     */
    public static SDVariable logSumExp(SDVariable x, int columns) {
        if (columns == 1) {
            return x.reshape(-1);
        }
        SameDiff graph = graph(x);
        // The gradient with respect to m is 0, whatever m is.
        SDVariable largest = stopGradient(graph.max(x, true, 1));
        SDVariable sum = graph.math().exp(x.sub(largest)).sum(1);
        return graph.math().log(sum).add(largest.reshape(-1));
    }

    /**
     * {@code [N, columns]} to {@code [1, columns]}: the mean over the N rows. (SameDiff's sum over
     * an axis of size 1 can throw, and so does the gradient of its product of two 1 x 1 matrices.)
     */
    public static SDVariable meanOverRows(SDVariable x, int columns) {
        if (columns == 1) {
            return x.mean().reshape(1, 1);
        }
        SDVariable ones = zerosPerExample(x, EventShape.row(columns)).add(1).reshape(1, -1);
        return ones.mmul(x).div(ones.sum());
    }

    private static SameDiff graph(SDVariable x) {
        return x.getSameDiff();
    }
}
