package org.likelihood4j.models.bijectors;

import java.util.stream.IntStream;
import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.graph.GraphBuilder;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A fixed reordering of an event's numbers: {@code y[:, i] = x[:, order[i]]}; log|det J| = 0.
 */
public final class Permutation implements Bijector {
    private final EventShape shape;
    private final EventShape made;
    private final int[] order;
    private final int[] inverse;

    /**
     * A permutation out of which comes a row: what was an image has no neighbours any more.
     *
     * @param order each position of the shape once
     */
    public Permutation(EventShape shape, int... order) {
        this(shape, EventShape.row(order.length), order);
    }

    private Permutation(EventShape shape, EventShape made, int... order) {
        if (order.length != shape.size()) {
            throw new IllegalArgumentException(
                    "a permutation of " + shape + " needs " + shape.size() + " positions, had " + order.length);
        }
        this.shape = shape;
        this.made = made;
        this.order = order.clone();
        this.inverse = new int[order.length];
        boolean[] seen = new boolean[order.length];
        for (int i = 0; i < order.length; i++) {
            if (order[i] < 0 || order[i] >= order.length || seen[order[i]]) {
                throw new IllegalArgumentException("not a permutation: " + order[i] + " at position " + i);
            }
            seen[order[i]] = true;
            inverse[order[i]] = i;
        }
    }

    /** From an image, channel by channel, to the map that convolutions see. */
    public static Permutation toMap(EventShape.Image image) {
        EventShape.FeatureMap map = EventShape.featureMap(image.height(), image.width(), image.channels());
        int[] order = new int[map.size()];
        for (int row = 0; row < map.height(); row++) {
            for (int column = 0; column < map.width(); column++) {
                for (int channel = 0; channel < map.channels(); channel++) {
                    order[map.position(row, column, channel)] = image.position(row, column, channel);
                }
            }
        }
        return new Permutation(image, map, order);
    }

    /**
     * From space to channels (Dinh et al. 2017, 3.6): of every square of 2 x 2 places the channels
     * stand at one place, those of the upper left first, then upper right, lower left, lower right.
     *
     * @param map of an even height and width
     */
    public static Permutation squeeze(EventShape.FeatureMap map) {
        if (map.height() % 2 != 0 || map.width() % 2 != 0) {
            throw new IllegalArgumentException("squeezing needs an even height and width, not a " + map);
        }
        int channels = map.channels();
        EventShape.FeatureMap made =
                EventShape.featureMap(map.height() / 2, map.width() / 2, Math.multiplyExact(channels, 4));
        int[] order = new int[map.size()];
        for (int row = 0; row < map.height(); row++) {
            for (int column = 0; column < map.width(); column++) {
                int corner = 2 * (row % 2) + column % 2;
                for (int channel = 0; channel < channels; channel++) {
                    order[made.position(row / 2, column / 2, corner * channels + channel)] =
                            map.position(row, column, channel);
                }
            }
        }
        return new Permutation(map, made, order);
    }

    /** The permutation that takes this one back. */
    public Permutation inverted() {
        return new Permutation(outputShape(), inputShape(), inverse);
    }

    @Override
    public EventShape inputShape() {
        return shape;
    }

    @Override
    public EventShape outputShape() {
        return made;
    }

    @Override
    public Result forward(GraphBuilder g, SDVariable x) {
        return reordered(x, order);
    }

    @Override
    public Result inverse(GraphBuilder g, SDVariable y) {
        return reordered(y, inverse);
    }

    private Result reordered(SDVariable x, int[] positions) {
        SDVariable moved = isIdentity() ? x : StableOps.reorder(x, positions);
        return new Result(moved, StableOps.zerosPerExample(x, shape));
    }

    /** As of an image with one channel on its way to a map. */
    private boolean isIdentity() {
        return IntStream.range(0, order.length).allMatch(i -> order[i] == i);
    }
}
