package org.likelihood4j.models.flow;

import java.util.ArrayList;
import java.util.List;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.EventShape.FeatureMap;
import org.likelihood4j.models.Footprint;
import org.likelihood4j.models.ModelPart;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.ParameterPath;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.bijectors.Chain;
import org.likelihood4j.models.bijectors.Logit;
import org.likelihood4j.models.bijectors.Permutation;
import org.likelihood4j.models.bijectors.coupling.AffineFamily;
import org.likelihood4j.models.bijectors.coupling.CheckerboardSplit;
import org.likelihood4j.models.bijectors.coupling.Coupling;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.Outputs;
import org.likelihood4j.models.layers.Layer;
import org.likelihood4j.models.layers.LayerFactory;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Noise that fills the cells of integer pixels x as the model would like it, by a flow of its own (Ho
 * et al. 2019):
 *
 * <pre>
 * u = sigmoid(couplings(logit(r); x)),  r uniform on [0, 1)
 * log q(u|x) = -log|det du/dr|
 * E over r of log p(x + u) - log q(u|x) is a lower bound of log P(x)
 * </pre>
 *
 * <p>The couplings are affine, of the checkerboard, and their networks see x beside the other colour's
 * noise, and the class where they are told one: then all of this is given y, too. It starts as u = r,
 * the uniform noise, of which log q is 0.
 */
public final class VariationalDequantization {
    /** A logit's: r may be 0, and u leaves its cell by no more than this. */
    private static final double ALPHA = 1e-6;

    private static final double LOG_SCALE_BOUND = 2;

    /** A coupling, before it is known of which x it is. */
    private record Block(ParameterPath path, CheckerboardSplit split, Layer network) {}

    private final PixelData data;
    private final Permutation toMap;
    private final List<Block> blocks = new ArrayList<>();

    /**
     * Noise for images.
     *
     * @param couplings at least 1
     * @param network the kind of every coupling's network, which is between maps
     */
    public VariationalDequantization(PixelData data, int couplings, LayerFactory network) {
        if (couplings < 1) {
            throw new IllegalArgumentException("couplings must be at least 1, was " + couplings);
        }
        this.data = data;
        this.toMap = Permutation.toMap(data.shape());
        FeatureMap map = (FeatureMap) toMap.outputShape();
        for (int i = 0; i < couplings; i++) {
            ParameterPath path = ParameterPath.root().child("dequantization").child("coupling", i);
            CheckerboardSplit split = new CheckerboardSplit(map, i % 2);
            blocks.add(new Block(
                    path,
                    split,
                    network.startingAtZero(
                            path.child("conditioner"),
                            map.withChannels(2 * map.channels()),
                            split.conditionerOutput(new AffineFamily(LOG_SCALE_BOUND).parametersPerColumn()))));
        }
    }

    /**
     * Noise of a graph.
     *
     * @param u {@code [N, size]}
     * @param logDensity {@code log q(u|x) [N]}, nats
     */
    record Draw(SDVariable u, SDVariable logDensity) {}

    Draw draw(GraphBuilder g) {
        Bijector.Result start = logit().forward(g, data.noise(g));
        Bijector.Result moved = couplings(g).forward(g, start.value());
        Bijector.Result end = logit().inverse(g, moved.value());
        return new Draw(
                end.value(),
                start.logDet().add(moved.logDet()).add(end.logDet()).neg());
    }

    private Logit logit() {
        return new Logit(data.shape(), ALPHA);
    }

    /** From image to image, given the pixels. */
    private Chain couplings(GraphBuilder g) {
        FeatureMap map = (FeatureMap) toMap.outputShape();
        SDVariable pixels = toMap.forward(g, data.pixels(g))
                .value()
                .mul(2.0 / data.levels())
                .sub(1);
        List<Bijector> links = new ArrayList<>(List.of(toMap));
        for (Block block : blocks) {
            Layer network = new Beside(block.network(), map, pixels);
            links.add(new Coupling(block.path(), block.split(), network, new AffineFamily(LOG_SCALE_BOUND)));
        }
        links.add(toMap.inverted());
        return new Chain(links);
    }

    List<Parameter> parameters() {
        return blocks.stream()
                .flatMap(block -> block.network().parameters().stream())
                .toList();
    }

    List<ModelPart> parts() {
        return blocks.stream()
                .map(block -> new ModelPart(block.path(), new AffineFamily(LOG_SCALE_BOUND).reports()))
                .toList();
    }

    void report(GraphBuilder g, Outputs outputs) {
        SDVariable start = logit().forward(g, data.noise(g)).value();
        couplings(g).report(g, start, outputs);
    }

    Footprint footprint() {
        Footprint sum = Footprint.arrays(8, data.shape().size());
        for (Block block : blocks) {
            sum = sum.and(Footprint.arrays(9, data.shape().size()))
                    .and(block.network().footprint());
        }
        return sum;
    }

    /** A network that sees a map of a graph beside its input's channels. */
    private record Beside(Layer inner, FeatureMap shape, SDVariable context) implements Layer {
        @Override
        public EventShape inputShape() {
            return shape;
        }

        @Override
        public EventShape outputShape() {
            return inner.outputShape();
        }

        @Override
        public List<Parameter> parameters() {
            return inner.parameters();
        }

        @Override
        public SDVariable apply(GraphBuilder g, SDVariable x) {
            SDVariable places =
                    g.sameDiff().concat(1, x.reshape(-1, shape.channels()), context.reshape(-1, shape.channels()));
            return inner.apply(g, places.reshape(-1, 2 * shape.size()));
        }
    }
}
