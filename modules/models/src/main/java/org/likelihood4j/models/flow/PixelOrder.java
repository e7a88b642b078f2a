package org.likelihood4j.models.flow;

/**
 * Which pixels form the two halves that the couplings of a flow transform in turn. Pixels are reordered once, so that every
 * coupling's halves are contiguous.
 */
public enum PixelOrder {
    /** Pixels whose row + column (+ channel) is even, then the others. */
    CHECKERBOARD {
        @Override
        boolean inFirstHalf(int channel, int row, int column, int height) {
            return (channel + row + column) % 2 == 0;
        }
    },
    /** Even columns, then odd ones: alternating pixels of a row. */
    COLUMNS {
        @Override
        boolean inFirstHalf(int channel, int row, int column, int height) {
            return column % 2 == 0;
        }
    },
    /** The upper rows, then the lower ones. */
    HALVES {
        @Override
        boolean inFirstHalf(int channel, int row, int column, int height) {
            return 2 * row < height;
        }
    };

    abstract boolean inFirstHalf(int channel, int row, int column, int height);

    /** Position in the stored image (channel-major) of each reordered pixel: the first half, then the second. */
    int[] order(int channels, int height, int width) {
        int[] order = new int[Math.multiplyExact(Math.multiplyExact(channels, height), width)];
        int first = 0;
        int second = firstHalf(channels, height, width);
        int position = 0;
        for (int c = 0; c < channels; c++) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    order[inFirstHalf(c, y, x, height) ? first++ : second++] = position++;
                }
            }
        }
        return order;
    }

    /** Whether both halves have pixels. */
    public boolean splits(int channels, int height, int width) {
        int first = firstHalf(channels, height, width);
        return first > 0 && first < channels * height * width;
    }

    /** Number of pixels in the first half. */
    int firstHalf(int channels, int height, int width) {
        int count = 0;
        for (int c = 0; c < channels; c++) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    count += inFirstHalf(c, y, x, height) ? 1 : 0;
                }
            }
        }
        return count;
    }
}
