package org.likelihood4j.models.layers;

import org.likelihood4j.models.EventShape.FeatureMap;

/**
 * What a convolution looks at: size x size places, every stride-th one of them, with zeros beyond
 * the border (the padding called same).
 *
 * @param size of the kernel, at least 1
 * @param stride at least 1
 */
public record Window(int size, int stride) {
    public Window {
        if (size < 1 || stride < 1) {
            throw new IllegalArgumentException(
                    "a window's size and stride must be at least 1, were " + size + " and " + stride);
        }
    }

    /** Around every place. */
    public static Window everywhere(int size) {
        return new Window(size, 1);
    }

    /** How many places it sees. */
    int area() {
        return Math.multiplyExact(size, size);
    }

    /** Whether it sees one place, and each of them. */
    boolean isPoint() {
        return size == 1 && stride == 1;
    }

    /** The map that a convolution by this window makes: extents by the stride, rounded up. */
    FeatureMap reduced(FeatureMap in, int channels) {
        return new FeatureMap((in.height() - 1) / stride + 1, (in.width() - 1) / stride + 1, channels);
    }

    /** The map that a transposed convolution by this window makes: extents times the stride. */
    FeatureMap enlarged(FeatureMap in, int channels) {
        return new FeatureMap(
                Math.multiplyExact(in.height(), stride), Math.multiplyExact(in.width(), stride), channels);
    }
}
