package org.likelihood4j.models.bijectors.coupling;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.EventShape.FeatureMap;
import org.likelihood4j.models.Footprint;
import org.likelihood4j.models.ModelPart;
import org.likelihood4j.models.Parameter;
import org.likelihood4j.models.bijectors.Bijector;
import org.likelihood4j.models.bijectors.Chain;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.Outputs;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A map goes through scales, and behind each but the last some of its channels become latents while
 * the others go on (Dinh et al. 2017, 3.6):
 *
 * <pre>
 * (z1, h1) = steps1(x)    (z2, h2) = steps2(h1)    ...    zn = stepsn(h(n-1))
 * z = (z1, z2, ..., zn), a row of as many numbers as x has
 * log|det J| = sum of the steps' log-determinants
 * </pre>
 */
public final class Multiscale implements Bijector {
    /**
     * A scale.
     *
     * @param steps from map to map
     * @param latents how many channels of what they make become latents, the first ones; of the last
     *     scale all do, whatever this says
     */
    public record Scale(Bijector steps, int latents) {
        /** What the steps make. */
        FeatureMap made() {
            return (FeatureMap) steps.outputShape();
        }

        ChannelSplit split() {
            return ChannelSplit.transformFirst(made(), latents);
        }
    }

    private final List<Scale> scales;

    public Multiscale(List<Scale> scales) {
        this.scales = List.copyOf(scales);
        for (int i = 1; i < scales.size(); i++) {
            EventShape left = scales.get(i - 1).split().conditioning();
            EventShape taken = scales.get(i).steps().inputShape();
            if (!left.equals(taken)) {
                throw new IllegalArgumentException(
                        "scale " + i + " takes " + taken + ", but the scale before it leaves " + left);
            }
        }
    }

    @Override
    public EventShape inputShape() {
        return scales.get(0).steps().inputShape();
    }

    @Override
    public EventShape.Row outputShape() {
        return EventShape.row(inputShape().size());
    }

    @Override
    public Result forward(GraphBuilder g, SDVariable x) {
        List<SDVariable> latents = new ArrayList<>();
        SDVariable logDet = null;
        Map<String, SDVariable> terms = Map.of();
        for (Scale scale : scales) {
            Result result = scale.steps().forward(g, x);
            terms = Chain.added(terms, result.terms());
            logDet = logDet == null ? result.logDet() : logDet.add(result.logDet());
            if (isLast(scale)) {
                latents.add(result.value());
            } else {
                Split.Halves halves = scale.split().split(result.value());
                latents.add(halves.transformed());
                x = halves.conditioning();
            }
        }
        SDVariable z =
                latents.size() == 1 ? latents.get(0) : g.sameDiff().concat(1, latents.toArray(SDVariable[]::new));
        return new Result(z, logDet, terms);
    }

    @Override
    public List<Term> terms() {
        return scales.stream()
                .flatMap(scale -> scale.steps().terms().stream())
                .distinct()
                .toList();
    }

    @Override
    public Result inverse(GraphBuilder g, SDVariable z) {
        int end = outputShape().size();
        SDVariable x = null;
        SDVariable logDet = null;
        for (int i = scales.size() - 1; i >= 0; i--) {
            Scale scale = scales.get(i);
            int size = latents(scale);
            SDVariable latents = scales.size() == 1 ? z : StableOps.columns(z, end - size, end);
            end -= size;
            Result result = scale.steps()
                    .inverse(g, isLast(scale) ? latents : scale.split().join(latents, x));
            x = result.value();
            logDet = logDet == null ? result.logDet() : logDet.add(result.logDet());
        }
        return new Result(x, logDet);
    }

    /** How many numbers each scale leaves as latents, in their order. */
    public List<Integer> latents() {
        return scales.stream().map(this::latents).toList();
    }

    private int latents(Scale scale) {
        return isLast(scale) ? scale.made().size() : scale.split().transformed().size();
    }

    @SuppressWarnings("ReferenceEquality") // scales may be equal, and only one is the last
    private boolean isLast(Scale scale) {
        return scale == scales.get(scales.size() - 1);
    }

    @Override
    public List<Parameter> parameters() {
        return scales.stream()
                .flatMap(scale -> scale.steps().parameters().stream())
                .toList();
    }

    @Override
    public List<Parameter> buffers() {
        return scales.stream()
                .flatMap(scale -> scale.steps().buffers().stream())
                .toList();
    }

    @Override
    public List<ModelPart> parts() {
        return scales.stream().flatMap(scale -> scale.steps().parts().stream()).toList();
    }

    @Override
    public void report(GraphBuilder g, SDVariable x, Outputs outputs) {
        for (Scale scale : scales) {
            scale.steps().report(g, x, outputs);
            if (!isLast(scale)) {
                x = scale.split().split(scale.steps().forward(g, x).value()).conditioning();
            }
        }
    }

    @Override
    public Footprint footprint() {
        return scales.stream()
                .map(scale -> scale.steps().footprint())
                .reduce(Footprint.arrays(2, inputShape().size()), Footprint::and);
    }
}
