package org.likelihood4j.models.densities;

import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Independent densities of the pieces of an event, which stand side by side; so does their noise, a number for each part of a piece.
 *
 * @param pieces at least one
 */
public record SideBySide(GraphBuilder g, List<FactorizedDensity> pieces) implements FactorizedDensity {
    public SideBySide {
        pieces = List.copyOf(pieces);
        if (pieces.isEmpty()) {
            throw new IllegalArgumentException("needs at least one density");
        }
    }

    @Override
    public EventShape shape() {
        return EventShape.row(
                pieces.stream().mapToInt(piece -> piece.shape().size()).sum());
    }

    @Override
    public int parts() {
        return pieces.stream().mapToInt(FactorizedDensity::parts).sum();
    }

    @Override
    public SDVariable logProbs(SDVariable x) {
        List<SDVariable> all = new ArrayList<>();
        int from = 0;
        for (FactorizedDensity piece : pieces) {
            int size = piece.shape().size();
            all.add(piece.logProbs(StableOps.columns(x, from, from + size)));
            from += size;
        }
        return joined(all);
    }

    @Override
    public SDVariable sample(SDVariable noise) {
        List<SDVariable> all = new ArrayList<>();
        int from = 0;
        for (FactorizedDensity piece : pieces) {
            all.add(piece.sample(StableOps.columns(noise, from, from + piece.parts())));
            from += piece.parts();
        }
        return joined(all);
    }

    private SDVariable joined(List<SDVariable> all) {
        return all.size() == 1 ? all.get(0) : g.sameDiff().concat(1, all.toArray(SDVariable[]::new));
    }
}
