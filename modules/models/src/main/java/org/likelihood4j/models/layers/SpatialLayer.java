package org.likelihood4j.models.layers;

import org.likelihood4j.models.EventShape.FeatureMap;
import org.likelihood4j.models.graph.GraphBuilder;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A layer between feature maps. Its core works on a row for each place, {@code [N H W, C]}, so that
 * biases and other vectors over channels are broadcast over rows, a 1x1 convolution is a product,
 * and layers one after the other need not reshape in between.
 */
public interface SpatialLayer extends Layer {
    @Override
    FeatureMap inputShape();

    @Override
    FeatureMap outputShape();

    /** {@code [N H W, C]} to {@code [N H' W', C']}. */
    SDVariable applyToPlaces(GraphBuilder g, SDVariable x);

    @Override
    default SDVariable apply(GraphBuilder g, SDVariable x) {
        return applyToPlaces(g, x.reshape(-1, inputShape().channels()))
                .reshape(-1, outputShape().size());
    }
}
