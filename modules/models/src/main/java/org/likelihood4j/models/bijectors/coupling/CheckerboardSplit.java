package org.likelihood4j.models.bijectors.coupling;

import org.likelihood4j.models.EventShape;
import org.likelihood4j.models.EventShape.FeatureMap;
import org.likelihood4j.models.graph.StableOps;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A split of a map by the parity of row + column, of all channels: x1 stands on the fields of one
 * colour of a checkerboard, x2 on the others. The conditioner sees the whole map, with zeros where
 * x1 stands, and puts out parameters for all places, of which those of x1's are taken.
 */
public final class CheckerboardSplit implements Split {
    private final FeatureMap shape;
    /** The columns of the map in the concatenation of x1 and x2. */
    private final int[] order;
    /** Where each column of the map stands in that concatenation. */
    private final int[] position;
    /** D1. */
    private final int transformed;

    /**
     * A split by colour.
     *
     * @param parity of row + column at x1's places: 0 or 1
     */
    public CheckerboardSplit(FeatureMap shape, int parity) {
        if (shape.places() < 2) {
            throw new IllegalArgumentException("a checkerboard needs at least 2 places, not a " + shape);
        }
        if (parity != 0 && parity != 1) {
            throw new IllegalArgumentException("the parity must be 0 or 1, was " + parity);
        }
        this.shape = shape;
        this.order = new int[shape.size()];
        this.position = new int[shape.size()];
        int next = 0;
        for (int colour : new int[] {parity, 1 - parity}) {
            for (int place = 0; place < shape.places(); place++) {
                if (colour(place) == colour) {
                    for (int channel = 0; channel < shape.channels(); channel++) {
                        int column = place * shape.channels() + channel;
                        position[column] = next;
                        order[next++] = column;
                    }
                }
            }
        }
        int even = (shape.places() + 1) / 2;
        this.transformed = shape.channels() * (parity == 0 ? even : shape.places() - even);
    }

    private int colour(int place) {
        return (place / shape.width() + place % shape.width()) % 2;
    }

    @Override
    public FeatureMap shape() {
        return shape;
    }

    @Override
    public EventShape.Row transformed() {
        return EventShape.row(transformed);
    }

    @Override
    public EventShape.Row conditioning() {
        return EventShape.row(shape.size() - transformed);
    }

    @Override
    public Halves split(SDVariable x) {
        SDVariable ordered = StableOps.reorder(x, order);
        return new Halves(
                StableOps.columns(ordered, 0, transformed), StableOps.columns(ordered, transformed, shape.size()));
    }

    @Override
    public SDVariable join(SDVariable x1, SDVariable x2) {
        return StableOps.reorder(x1.getSameDiff().concat(1, x1, x2), position);
    }

    @Override
    public FeatureMap conditionerInput() {
        return shape;
    }

    @Override
    public FeatureMap conditionerOutput(int parametersPerColumn) {
        return shape.withChannels(Math.multiplyExact(parametersPerColumn, shape.channels()));
    }

    @Override
    public SDVariable seen(Halves halves) {
        SDVariable hidden = StableOps.stopGradient(halves.transformed());
        return join(hidden.getSameDiff().zerosLike(hidden), halves.conditioning());
    }

    @Override
    public SDVariable parameters(SDVariable output, int parametersPerColumn) {
        int all = conditionerOutput(parametersPerColumn).size();
        int[] selection = new int[all];
        int taken = 0;
        int left = parametersPerColumn * transformed;
        for (int parameter = 0; parameter < parametersPerColumn; parameter++) {
            for (int i = 0; i < order.length; i++) {
                int place = order[i] / shape.channels();
                int channel = order[i] % shape.channels();
                int from = (place * parametersPerColumn + parameter) * shape.channels() + channel;
                selection[i < transformed ? taken++ : left++] = from;
            }
        }
        return StableOps.columns(StableOps.reorder(output, selection), 0, parametersPerColumn * transformed);
    }
}
