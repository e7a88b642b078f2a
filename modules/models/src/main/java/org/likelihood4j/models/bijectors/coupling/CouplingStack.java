package org.likelihood4j.models.bijectors.coupling;

import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.Footprint;
import org.likelihood4j.models.ModelPart;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.bijectors.Chain;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.Outputs;
import org.likelihood4j.models.layers.LayerFactory;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Couplings one after the other, whose halves take turns: the first one transforms the first half. Something may mix the columns
 * before each.
 */
public final class CouplingStack implements Bijector {
    private final Chain chain;

    /** A stack that starts as the identity, where halves only take turns. */
    public CouplingStack(
            ParameterPath path,
            EventShape.Row row,
            int firstHalf,
            int count,
            LayerFactory network,
            ElementwiseFamily family) {
        this(path, row, firstHalf, count, network, family, Mixing.NONE);
    }

    /**
     * A stack of couplings that start as the identity.
     *
     * @param path under which the couplings are {@code coupling0}, {@code coupling1}, ...
     * @param row what is transformed
     * @param firstHalf how many of its columns are the first half
     * @param count of couplings, at least 1
     * @param network the kind of every coupling's conditioner
     * @param mixing before each coupling
     */
    public CouplingStack(
            ParameterPath path,
            EventShape.Row row,
            int firstHalf,
            int count,
            LayerFactory network,
            ElementwiseFamily family,
            Mixing mixing) {
        List<Bijector> couplings = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Split split =
                    i % 2 == 0 ? ColumnSplit.transformFirst(row, firstHalf) : ColumnSplit.transformRest(row, firstHalf);
            mixing.before(path, row, i).ifPresent(couplings::add);
            couplings.add(Coupling.startingAtIdentity(path.child("coupling", i), split, network, family));
        }
        this.chain = new Chain(couplings);
    }

    @Override
    public EventShape inputShape() {
        return chain.inputShape();
    }

    @Override
    public List<Bijector> layers() {
        return chain.layers();
    }

    @Override
    public List<ModelPart> parts() {
        return chain.parts();
    }

    @Override
    public void report(GraphBuilder g, SDVariable x, Outputs outputs) {
        chain.report(g, x, outputs);
    }

    @Override
    public Footprint footprint() {
        return chain.footprint();
    }

    @Override
    public Result forward(GraphBuilder g, SDVariable x) {
        return chain.forward(g, x);
    }

    @Override
    public Result inverse(GraphBuilder g, SDVariable y) {
        return chain.inverse(g, y);
    }

    @Override
    public List<Parameter> parameters() {
        return chain.parameters();
    }
}
