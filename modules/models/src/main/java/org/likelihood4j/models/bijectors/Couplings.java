package org.likelihood4j.models.bijectors;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.likelihood4j.models.Block;
import org.likelihood4j.models.GraphBuilder;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.Path;
import org.likelihood4j.models.layers.Mlp;
import org.nd4j.autodiff.samediff.SDVariable;

/** Coupling blocks one after the other, whose halves take turns: the first one transforms the first half. */
public final class Couplings implements Bijector {
    private final List<AffineCoupling> blocks = new ArrayList<>();
    private final Chain chain;

    /**
     * A chain that starts as the identity.
     *
     * @param path under which the blocks are {@code coupling0}, {@code coupling1}, ...
     * @param dimension D
     * @param split the size of the first half
     * @param count of blocks, at least 1
     * @param conditioner the inside of every block's network
     * @param bound of every block's log-scales
     */
    public Couplings(Path path, int dimension, int split, int count, Mlp.Hidden conditioner, double bound) {
        for (int i = 0; i < count; i++) {
            Mask mask = i % 2 == 0 ? Mask.transformFirst(dimension, split) : Mask.transformRest(dimension, split);
            blocks.add(new AffineCoupling(path.child("coupling", i), mask, conditioner, bound));
        }
        this.chain = new Chain(List.copyOf(blocks));
    }

    /** Where each block's parameters are, and its bound. */
    public List<Block> blocks() {
        return blocks.stream().map(AffineCoupling::block).toList();
    }

    /** For each block at its own input {@code G(x2) [N, transformed]} and {@code s [N, conditioning]}, the same in every row; nats. */
    public Map<String, SDVariable> logScales(GraphBuilder g, SDVariable x) {
        Map<String, SDVariable> outputs = new LinkedHashMap<>();
        for (AffineCoupling block : blocks) {
            AffineCoupling.Scaled scaled = block.scaled(g, x);
            Path path = block.block().path();
            outputs.put(path.child("log_scale").prefix(), scaled.logScale());
            outputs.put(
                    path.child("conditioning_log_scale").prefix(),
                    g.sameDiff().zerosLike(scaled.x2()).add(scaled.s()));
            x = scaled.result().value();
        }
        return outputs;
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
