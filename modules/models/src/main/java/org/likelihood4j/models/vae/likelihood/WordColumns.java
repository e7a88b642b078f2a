package org.likelihood4j.models.vae.likelihood;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.likelihood4j.models.densities.Categorical;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * One of some words each: categorical distributions. x has a number for each word, 1 for the one that it is.
 *
 * @param counts of the columns' words
 */
record WordColumns(List<Integer> counts) implements ColumnGroup {
    private static final double RAREST = 1e-6;

    @Override
    public int columns() {
        return counts.size();
    }

    @Override
    public int width() {
        return counts.stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public int outputs() {
        return width();
    }

    @Override
    public SDVariable statistic(GraphBuilder g, SDVariable cells) {
        return Categorical.oneHot(g, counts, cells);
    }

    @Override
    public double[] bias(double[] mean) {
        return Arrays.stream(mean)
                .map(share -> Math.log(Math.max(share, RAREST)))
                .toArray();
    }

    @Override
    public SDVariable spread(GraphBuilder g, SDVariable ofColumns) {
        return Categorical.repeated(g, counts, ofColumns);
    }

    @Override
    public double[] spread(double[] ofColumns) {
        return IntStream.range(0, counts.size())
                .flatMap(c -> IntStream.generate(() -> c).limit(counts.get(c)))
                .mapToDouble(c -> ofColumns[c])
                .toArray();
    }

    @Override
    public Categorical density(GraphBuilder g, SDVariable output) {
        return new Categorical(g, counts, output);
    }

    @Override
    public SDVariable middle(GraphBuilder g, SDVariable output) {
        return Categorical.oneHot(g, counts, density(g, output).mode());
    }

    @Override
    public SDVariable shown(GraphBuilder g, SDVariable x) {
        return Categorical.places(g, counts, x).add(MIDDLE);
    }
}
