package org.likelihood4j.models.vae.likelihood;

import java.util.Arrays;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.densities.Bernoulli;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/** 0 or 1: Bernoulli distributions. */
record TruthColumns(int columns) implements ColumnGroup {
    private static final double RAREST = 1e-3;

    @Override
    public double[] bias(double[] mean) {
        return Arrays.stream(mean)
                .map(share -> Math.min(Math.max(share, RAREST), 1 - RAREST))
                .map(share -> Math.log(share) - Math.log1p(-share))
                .toArray();
    }

    @Override
    public Bernoulli density(GraphBuilder g, SDVariable output) {
        return new Bernoulli(g, EventShape.row(columns), output);
    }

    @Override
    public SDVariable middle(GraphBuilder g, SDVariable output) {
        return StableOps.below(g.sameDiff().zerosLike(output), output);
    }

    @Override
    public SDVariable shown(GraphBuilder g, SDVariable x) {
        return x.add(MIDDLE);
    }
}
