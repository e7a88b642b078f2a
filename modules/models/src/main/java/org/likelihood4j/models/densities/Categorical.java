package org.likelihood4j.models.densities;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.stream.IntStream;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.factory.Nd4j;

/**
 * C independent columns, each one of K_c words: {@code P(c = k) = exp(a_ck) / sum over j of exp(a_cj)}. An event is the columns' words
 * side by side, 1 for the word that it is and 0 for all others. Its noise is uniform on [0, 1), a number for each column.
 *
 * <p>{@code a = 30 tanh(logits / 30)}: the exponentials neither overflow nor vanish, so that all columns are added up at once, by a product
 * with a matrix of zeros and ones, in the place of each by itself beside its own largest.
 *
 * @param sizes K_1 ... K_C
 * @param logits {@code [N, sum of K_c]}
 */
public record Categorical(GraphBuilder g, List<Integer> sizes, SDVariable logits) implements FactorizedDensity {
    private static final double BOUND = 30;

    public Categorical {
        sizes = List.copyOf(sizes);
        if (sizes.isEmpty() || sizes.stream().anyMatch(size -> size < 1)) {
            throw new IllegalArgumentException("every column must have at least 1 word, were " + sizes);
        }
    }

    private static int words(List<Integer> sizes) {
        return sizes.stream().mapToInt(Integer::intValue).sum();
    }

    /** Where each column's words begin, and at last where they end. */
    private static int[] starts(List<Integer> sizes) {
        int[] starts = new int[sizes.size() + 1];
        for (int c = 0; c < sizes.size(); c++) {
            starts[c + 1] = starts[c] + sizes.get(c);
        }
        return starts;
    }

    @Override
    public EventShape shape() {
        return EventShape.row(words(sizes));
    }

    @Override
    public int parts() {
        return sizes.size();
    }

    private SDVariable bounded() {
        return StableOps.bounded(logits, BOUND);
    }

    @Override
    public SDVariable logProbs(SDVariable x) {
        SDVariable a = bounded();
        SDVariable sums = perColumn(g, sizes, g.sameDiff().math().exp(a));
        return perColumn(g, sizes, x.mul(a)).sub(g.sameDiff().math().log(sums));
    }

    /** The sum over each column's words, {@code [N, C]}. */
    private static SDVariable perColumn(GraphBuilder g, List<Integer> sizes, SDVariable x) {
        int words = words(sizes);
        if (sizes.size() == 1) {
            return StableOps.sumPerExample(x, EventShape.row(words)).reshape(-1, 1);
        }
        int[] starts = starts(sizes);
        return x.mmul(matrix(g, words, sizes.size(), (k, c) -> k >= starts[c] && k < starts[c + 1] ? 1 : 0));
    }

    private static SDVariable matrix(GraphBuilder g, int rows, int columns, IntBinaryOperator element) {
        double[] flat = IntStream.range(0, rows * columns)
                .mapToDouble(i -> element.applyAsInt(i / columns, i % columns))
                .toArray();
        return g.sameDiff().constant(Nd4j.createFromArray(flat).castTo(g.type()).reshape(rows, columns));
    }

    /**
     * Each column's word is the one in whose part of [0, 1) its noise lies; the parts stand in order, as long as the words are probable. Of
     * a column at a time: this is no training's.
     */
    @Override
    public SDVariable sample(SDVariable noise) {
        int[] starts = starts(sizes);
        SDVariable a = bounded();
        List<SDVariable> chosen = new ArrayList<>();
        for (int c = 0; c < sizes.size(); c++) {
            SDVariable u = StableOps.columns(noise, c, c + 1);
            SDVariable weights = g.sameDiff().math().exp(StableOps.columns(a, starts[c], starts[c + 1]));
            SDVariable whole = StableOps.sumPerExample(weights, EventShape.row(sizes.get(c)))
                    .reshape(-1, 1)
                    .mul(u);
            SDVariable place = g.sameDiff().zerosLike(u);
            SDVariable passed = place;
            for (int k = 0; k + 1 < sizes.get(c); k++) {
                passed = passed.add(StableOps.columns(weights, k, k + 1));
                place = place.add(StableOps.below(whole, passed).rsub(1));
            }
            chosen.add(place);
        }
        return oneHot(g, sizes, joined(g, chosen));
    }

    /** The most probable word of each column, its place among them, {@code [N, C]}; of several the first. */
    public SDVariable mode() {
        int[] starts = starts(sizes);
        List<SDVariable> modes = new ArrayList<>();
        for (int c = 0; c < sizes.size(); c++) {
            SDVariable best = StableOps.columns(logits, starts[c], starts[c] + 1);
            SDVariable place = g.sameDiff().zerosLike(best);
            for (int k = 1; k < sizes.get(c); k++) {
                SDVariable next = StableOps.columns(logits, starts[c] + k, starts[c] + k + 1);
                SDVariable better = StableOps.below(best, next);
                place = place.mul(better.rsub(1)).add(better.mul(k));
                best = g.sameDiff().max(best, next);
            }
            modes.add(place);
        }
        return joined(g, modes);
    }

    private static SDVariable joined(GraphBuilder g, List<SDVariable> columns) {
        return columns.size() == 1 ? columns.get(0) : g.sameDiff().concat(1, columns.toArray(SDVariable[]::new));
    }

    /** Events from the places of their words, {@code [N, C]} to {@code [N, sum of K_c]}. */
    public static SDVariable oneHot(GraphBuilder g, List<Integer> sizes, SDVariable places) {
        SDVariable distance = g.sameDiff().math().abs(repeated(g, sizes, places).sub(places(g, sizes)));
        return StableOps.below(distance, g.sameDiff().zerosLike(distance).add(0.5));
    }

    /** Each column's number for each of its words, {@code [N, C]} to {@code [N, sum of K_c]}. */
    public static SDVariable repeated(GraphBuilder g, List<Integer> sizes, SDVariable columns) {
        List<SDVariable> repeated = new ArrayList<>();
        for (int c = 0; c < sizes.size(); c++) {
            SDVariable ones = g.sameDiff().constant(Nd4j.ones(g.type(), 1, sizes.get(c)));
            repeated.add(StableOps.columns(columns, c, c + 1).mul(ones));
        }
        return joined(g, repeated);
    }

    /** The places of their words from events. */
    public static SDVariable places(GraphBuilder g, List<Integer> sizes, SDVariable events) {
        return perColumn(g, sizes, events.mul(places(g, sizes)));
    }

    /** 0 ... K_1 - 1, 0 ... K_2 - 1, ... {@code [1, sum of K_c]}. */
    private static SDVariable places(GraphBuilder g, List<Integer> sizes) {
        double[] places = sizes.stream()
                .flatMapToInt(size -> IntStream.range(0, size))
                .asDoubleStream()
                .toArray();
        return g.sameDiff()
                .constant(Nd4j.createFromArray(places).castTo(g.type()).reshape(1, places.length));
    }
}
