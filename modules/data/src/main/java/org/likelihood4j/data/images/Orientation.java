package org.likelihood4j.data.images;

import org.likelihood4j.data.ImageShape;

/**
 * How a stored picture is to be turned: Exif's values 1 to 8. From 5 on, stored rows are what is shown as columns.
 *
 * @param value 1 to 8; 1 for as it is
 */
record Orientation(int value) {
    static final Orientation AS_IT_IS = new Orientation(1);

    /** The shape that is stored where this one is shown. */
    ImageShape stored(ImageShape shown) {
        int rows = swaps() ? shown.width() : shown.height();
        int columns = swaps() ? shown.height() : shown.width();
        return new ImageShape(shown.channels(), rows, columns);
    }

    /**
     * Turns a picture.
     *
     * @param stored of the shape {@link #stored}
     * @param target receives the same pixels, of the shape {@code shown}, from {@code offset} on
     */
    void turn(byte[] stored, ImageShape shown, byte[] target, int offset) {
        int width = shown.width();
        int height = shown.height();
        int storedWidth = swaps() ? height : width;
        int storedHeight = swaps() ? width : height;
        for (int c = 0; c < shown.channels(); c++) {
            int plane = c * width * height;
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    int across = swaps() ? y : x;
                    int down = swaps() ? x : y;
                    int column = fromRight() ? storedWidth - 1 - across : across;
                    int row = fromBelow() ? storedHeight - 1 - down : down;
                    target[offset + plane + y * width + x] = stored[plane + row * storedWidth + column];
                }
            }
        }
    }

    /** Whether rows are shown as columns. */
    private boolean swaps() {
        return value >= 5;
    }

    /** Whether the stored rows are shown from the right to the left (or, as columns, from below). */
    private boolean fromRight() {
        return value == 2 || value == 3 || value == 7 || value == 8;
    }

    /** Whether the stored columns are shown from below (or, as rows, from the right). */
    private boolean fromBelow() {
        return value == 3 || value == 4 || value == 6 || value == 7;
    }
}
