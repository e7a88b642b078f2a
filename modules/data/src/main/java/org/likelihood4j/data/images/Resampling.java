package org.likelihood4j.data.images;

/**
 * One axis of a picture's scaling: each new pixel is a weighted mean of old ones, by a triangle around its middle. Enlarging, that is
 * linear interpolation; shrinking, the triangle is as much wider, so that every old pixel counts (no aliasing). (The same filter as
 * Pillow's {@code BILINEAR}.)
 */
final class Resampling {
    private final int[] first;
    private final float[][] weights;

    /**
     * From the part [from, from + length) of an axis of {@code size} old pixels to {@code target} new ones.
     *
     * @param from in old pixels, not necessarily whole, as {@code length}
     */
    Resampling(int size, double from, double length, int target) {
        first = new int[target];
        weights = new float[target][];
        double scale = length / target;
        double support = Math.max(scale, 1);
        for (int i = 0; i < target; i++) {
            double middle = from + (i + 0.5) * scale;
            int low = Math.max(0, (int) Math.floor(middle - support + 0.5));
            int high = Math.min(size, (int) Math.floor(middle + support + 0.5));
            double sum = 0;
            double[] exact = new double[high - low];
            for (int x = low; x < high; x++) {
                exact[x - low] = Math.max(0, 1 - Math.abs(x + 0.5 - middle) / support);
                sum += exact[x - low];
            }
            first[i] = low;
            weights[i] = new float[exact.length];
            for (int k = 0; k < exact.length; k++) {
                weights[i][k] = (float) (exact[k] / sum);
            }
        }
    }

    int target() {
        return first.length;
    }

    /** The first old pixel that counts. */
    int low() {
        return first[0];
    }

    /** After the last old pixel that counts. */
    int high() {
        int last = first.length - 1;
        return first[last] + weights[last].length;
    }

    /**
     * New pixel {@code i} of an axis.
     *
     * @param old the old pixels from {@code start} on
     */
    float apply(float[] old, int start, int i) {
        float sum = 0;
        float[] own = weights[i];
        int from = first[i] - start;
        for (int k = 0; k < own.length; k++) {
            sum += own[k] * old[from + k];
        }
        return sum;
    }

    /** The weight of old pixel {@code x} in new pixel {@code i}. */
    float weight(int i, int x) {
        int k = x - first[i];
        return k >= 0 && k < weights[i].length ? weights[i][k] : 0;
    }
}
