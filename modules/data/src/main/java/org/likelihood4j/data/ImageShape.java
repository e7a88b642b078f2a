package org.likelihood4j.data;

/** The shape of one image, in pixels: channels, then rows, then columns (C, H, W). */
public record ImageShape(int channels, int height, int width) implements ExampleShape {
    /** @throws DataException if an extent is below 1 or one image would not fit in a Java array */
    public ImageShape {
        if (channels < 1 || height < 1 || width < 1) {
            throw new DataException("image shape " + channels + "x" + height + "x" + width
                    + ": channels, height and width must each be at least 1");
        }
        if ((double) channels * height * width > Integer.MAX_VALUE) {
            throw new DataException("image shape " + channels + "x" + height + "x" + width + " is too large: at most "
                    + Integer.MAX_VALUE + " values in one image");
        }
    }

    /** Numbers in one image: channels * height * width. */
    @Override
    public int size() {
        return channels * height * width;
    }

    @Override
    public String noun() {
        return "images";
    }

    /** As people write it: {@code 1x28x28}. */
    @Override
    public String toString() {
        return channels + "x" + height + "x" + width;
    }
}
