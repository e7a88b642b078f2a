package org.likelihood4j.models.layers;

import java.util.List;
import java.util.Optional;
import org.likelihood4j.models.EventShape.FeatureMap;
import org.likelihood4j.models.FunctionInput;

/**
 * The inside of a network between images and rows: maps that become half as high and wide at each
 * step, or twice, and dense layers at their small end.
 *
 * @param channels of the maps, from the image on; each has half the extents of the one before. At
 *     least one
 * @param blocks residual blocks at each map, at least 0
 * @param hidden widths of dense layers between the smallest map and the row; may be empty
 * @param activation behind each convolution but an image's, and each hidden layer
 * @param condition what the network is told of each example
 */
record Pyramid(
        List<Integer> channels,
        int blocks,
        List<Integer> hidden,
        Activation activation,
        Optional<FunctionInput.Condition> condition) {
    /** Of each step: 4x4, as often used with a stride of 2, so that all places are seen as often. */
    static final Window STEP = new Window(4, 2);

    Pyramid {
        channels = List.copyOf(channels);
        hidden = List.copyOf(hidden);
        if (channels.isEmpty() || channels.stream().anyMatch(width -> width < 1)) {
            throw new IllegalArgumentException(
                    "a network of maps needs one at least, each of 1 channel at least; had " + channels + " channels");
        }
        if (blocks < 0 || hidden.stream().anyMatch(width -> width < 1)) {
            throw new IllegalArgumentException(
                    "blocks must be at least 0 and hidden widths at least 1, were " + blocks + " and " + hidden);
        }
    }

    Pyramid given(FunctionInput.Condition told) {
        return new Pyramid(channels, blocks, hidden, activation, Optional.of(told));
    }

    /** By how much the extents of the smallest map are smaller than the image's. */
    int factor() {
        return 1 << channels.size();
    }

    int lastChannels() {
        return channels.get(channels.size() - 1);
    }

    /** The smallest map of an image whose extents are multiples of {@link #factor}. */
    FeatureMap smallest(FeatureMap image) {
        return new FeatureMap(image.height() / factor(), image.width() / factor(), lastChannels());
    }
}
