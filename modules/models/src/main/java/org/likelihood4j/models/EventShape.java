package org.likelihood4j.models;

/**
 * What one example is: a row of numbers or an image. Models, bijectors, layers, densities and
 * inputs carry it, so that each can say what it takes and makes.
 *
 * <p>Inside a graph N events are a matrix {@code [N, size]}, one row an event. An image's columns
 * are in the order of its stored bytes, channel by channel, row by row (the border's {@code [N, C,
 * H, W]}, flattened): {@link Image#position}. Convolutions will see the same image as a matrix
 * {@code [N H W, C]}, channels last, which is why the extents are written H x W x C.
 */
public sealed interface EventShape {
    /** How many numbers an event has, at least 1. */
    int size();

    /** A row of D numbers. */
    static Row row(int dimension) {
        return new Row(dimension);
    }

    static Image image(int height, int width, int channels) {
        return new Image(height, width, channels);
    }

    static FeatureMap featureMap(int height, int width, int channels) {
        return new FeatureMap(height, width, channels);
    }

    /**
     * D numbers without neighbours: a table's columns, or latents.
     *
     * @param size D
     */
    record Row(int size) implements EventShape {
        public Row {
            if (size < 1) {
                throw new IllegalArgumentException("a row must have at least 1 number, had " + size);
            }
        }

        @Override
        public String toString() {
            return Integer.toString(size);
        }
    }

    /** An image of pixels with one number for each channel. */
    record Image(int height, int width, int channels) implements EventShape {
        public Image {
            requireExtents(height, width, channels);
        }

        @Override
        public int size() {
            return height * width * channels;
        }

        /** The column of one number of the image. */
        public int position(int row, int column, int channel) {
            return (channel * height + row) * width + column;
        }

        /** Height, width, channels: {@code 28x28x1}. */
        @Override
        public String toString() {
            return height + "x" + width + "x" + channels;
        }
    }

    /**
     * An image as convolutions see it: at each of its places stand the numbers of all channels. N of
     * them are a matrix {@code [N, H W C]} and, in the same memory, {@code [N H W, C]}: a row for
     * each place.
     */
    record FeatureMap(int height, int width, int channels) implements EventShape {
        public FeatureMap {
            requireExtents(height, width, channels);
        }

        @Override
        public int size() {
            return height * width * channels;
        }

        /** H W: how many rows it is of {@code [N H W, C]}. */
        public int places() {
            return height * width;
        }

        /** The column of one number in {@code [N, H W C]}. */
        public int position(int row, int column, int channel) {
            return (row * width + column) * channels + channel;
        }

        /** The same places with another number of channels. */
        public FeatureMap withChannels(int other) {
            return new FeatureMap(height, width, other);
        }

        /** {@code map 28x28x1}: height, width, channels. */
        @Override
        public String toString() {
            return "map " + height + "x" + width + "x" + channels;
        }
    }

    private static void requireExtents(int height, int width, int channels) {
        if (height < 1 || width < 1 || channels < 1) {
            throw new IllegalArgumentException("height, width and channels must be at least 1, were " + height + ", "
                    + width + " and " + channels);
        }
        Math.multiplyExact(Math.multiplyExact(height, width), channels);
    }
}
