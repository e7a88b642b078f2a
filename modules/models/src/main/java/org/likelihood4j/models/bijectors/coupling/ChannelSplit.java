package org.likelihood4j.models.bijectors.coupling;

import org.likelihood4j.models.EventShape.FeatureMap;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A split of a map by its channels: at every place some are x1, the others x2. Both halves are maps
 * of the same places; the conditioner sees that of x2 and puts out, at each place, the first
 * parameter of x1's channels, then the second, and so on.
 */
public final class ChannelSplit implements Split {
    private final FeatureMap shape;
    /** How many channels come first. */
    private final int first;

    private final boolean transformsFirst;

    private ChannelSplit(FeatureMap shape, int first, boolean transformsFirst) {
        if (first < 1 || first >= shape.channels()) {
            throw new IllegalArgumentException("a split of the " + shape.channels()
                    + " channels needs at least one on each side, had " + first + " on the first");
        }
        this.shape = shape;
        this.first = first;
        this.transformsFirst = transformsFirst;
    }

    /** The first channels are transformed given the others. */
    public static ChannelSplit transformFirst(FeatureMap shape, int channels) {
        return new ChannelSplit(shape, channels, true);
    }

    /** The channels after the first ones are transformed given these. */
    public static ChannelSplit transformRest(FeatureMap shape, int channels) {
        return new ChannelSplit(shape, channels, false);
    }

    @Override
    public FeatureMap shape() {
        return shape;
    }

    @Override
    public FeatureMap transformed() {
        return shape.withChannels(transformsFirst ? first : shape.channels() - first);
    }

    @Override
    public FeatureMap conditioning() {
        return shape.withChannels(transformsFirst ? shape.channels() - first : first);
    }

    @Override
    public Halves split(SDVariable x) {
        SDVariable places = x.reshape(-1, shape.channels());
        SDVariable front = StableOps.columns(places, 0, first).reshape(-1, shape.places() * first);
        SDVariable back = StableOps.columns(places, first, shape.channels())
                .reshape(-1, shape.places() * (shape.channels() - first));
        return transformsFirst ? new Halves(front, back) : new Halves(back, front);
    }

    @Override
    public SDVariable join(SDVariable x1, SDVariable x2) {
        SDVariable one = x1.reshape(-1, transformed().channels());
        SDVariable two = x2.reshape(-1, conditioning().channels());
        SDVariable places = transformsFirst
                ? x1.getSameDiff().concat(1, one, two)
                : x1.getSameDiff().concat(1, two, one);
        return places.reshape(-1, shape.size());
    }

    @Override
    public FeatureMap conditionerInput() {
        return conditioning();
    }

    @Override
    public FeatureMap conditionerOutput(int parametersPerColumn) {
        return shape.withChannels(
                Math.multiplyExact(parametersPerColumn, transformed().channels()));
    }

    @Override
    public SDVariable seen(Halves halves) {
        return halves.conditioning();
    }

    @Override
    public SDVariable parameters(SDVariable output, int parametersPerColumn) {
        if (parametersPerColumn == 1) {
            return output;
        }
        FeatureMap made = conditionerOutput(parametersPerColumn);
        int channels = transformed().channels();
        int[] order = new int[made.size()];
        int next = 0;
        for (int parameter = 0; parameter < parametersPerColumn; parameter++) {
            for (int place = 0; place < shape.places(); place++) {
                for (int channel = 0; channel < channels; channel++) {
                    order[next++] = place * made.channels() + parameter * channels + channel;
                }
            }
        }
        return StableOps.reorder(output, order);
    }
}
