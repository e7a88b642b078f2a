package org.likelihood4j.models.flow;

import org.likelihood4j.models.EventShape;

/**
 * Which numbers of an event form the two halves that the couplings of a flow transform in turn.
 * They are reordered once, so that every coupling's halves are contiguous.
 */
public enum HalfOrder {
    /**
     * Pixels whose row + column (+ channel) is even, then the others; of a row every other number.
     */
    CHECKERBOARD {
        @Override
        boolean inFirstHalf(EventShape.Image image, int row, int column, int channel) {
            return (channel + row + column) % 2 == 0;
        }
    },
    /**
     * Even columns, then odd ones: alternating pixels of an image's row, every other number of a
     * row.
     */
    COLUMNS {
        @Override
        boolean inFirstHalf(EventShape.Image image, int row, int column, int channel) {
            return column % 2 == 0;
        }
    },
    /**
     * The upper rows of an image, then the lower ones; of a row the first numbers, then the others.
     */
    HALVES {
        @Override
        boolean inFirstHalf(EventShape.Image image, int row, int column, int channel) {
            return 2 * row < image.height();
        }

        @Override
        boolean inFirstHalf(EventShape.Row row, int position) {
            return 2 * position < row.size();
        }
    };

    abstract boolean inFirstHalf(EventShape.Image image, int row, int column, int channel);

    boolean inFirstHalf(EventShape.Row row, int position) {
        return position % 2 == 0;
    }

    /** For each position of an event whether it is in the first half. */
    private boolean[] firstHalves(EventShape shape) {
        boolean[] first = new boolean[shape.size()];
        if (shape instanceof EventShape.Image image) {
            for (int c = 0; c < image.channels(); c++) {
                for (int y = 0; y < image.height(); y++) {
                    for (int x = 0; x < image.width(); x++) {
                        first[image.position(y, x, c)] = inFirstHalf(image, y, x, c);
                    }
                }
            }
        } else {
            for (int i = 0; i < first.length; i++) {
                first[i] = inFirstHalf((EventShape.Row) shape, i);
            }
        }
        return first;
    }

    /**
     * Where each reordered number stands in the event: those of the first half, then those of the
     * second.
     */
    int[] order(EventShape shape) {
        boolean[] inFirst = firstHalves(shape);
        int[] order = new int[inFirst.length];
        int first = 0;
        int second = count(inFirst);
        for (int i = 0; i < order.length; i++) {
            order[inFirst[i] ? first++ : second++] = i;
        }
        return order;
    }

    /** How many numbers are in the first half. */
    int firstHalf(EventShape shape) {
        return count(firstHalves(shape));
    }

    /** Whether both halves have numbers. */
    public boolean splits(EventShape shape) {
        int first = firstHalf(shape);
        return first > 0 && first < shape.size();
    }

    private static int count(boolean... flags) {
        int count = 0;
        for (boolean flag : flags) {
            count += flag ? 1 : 0;
        }
        return count;
    }
}
