package org.likelihood4j.score.codes;

import java.util.Arrays;

/**
 * How many bits an image of two values takes in a code that is told nothing before: that of adaptive arithmetic coding by the pixels before each one,
 * as JBIG's (ISO/IEC 11544), without its tables.
 *
 * <pre>
 * P_k(x) = prod_i (n(x_i|c_i) + 1/2) / (n(c_i) + 1),   c_i: the k nearest of the pixels before i (Krichevsky and Trofimov 1981)
 * L(x)   = -log2 1/M sum_k P_k(x)                      over the M sizes k
 * </pre>
 *
 * <p>n(c) counts the pixels before i with the neighbours c, n(x|c) those of them that are x; each colour has counts of its own. More neighbours know more, and learn later: an
 * image is worth few of them, a large one more. P is a probability of all images of a size, so that L is a code's length to within two bits
 * (Rissanen 1976).
 */
public final class BinaryCode {
    /** The pixels before one, the nearest first, as right and down. */
    private static final int[][] NEIGHBOURS = {
        {-1, 0}, {0, -1}, {-1, -1}, {1, -1}, {-2, 0}, {0, -2}, {2, -1}, {-2, -1}, {1, -2}, {-1, -2},
    };

    private static final int[] SIZES = {0, 2, 4, 6, 10};

    private final int height;
    private final int width;

    /** Of images of so many pixels in a column and in a row. */
    public BinaryCode(int height, int width) {
        this.height = height;
        this.width = width;
    }

    /**
     * Bits.
     *
     * @param image (C, H, W); above 1/2 is one value, the rest the other
     */
    public double bits(double[] image) {
        double[] all = Arrays.stream(SIZES)
                .mapToDouble(size -> logProbability(image, size))
                .toArray();
        double largest = Arrays.stream(all).max().orElseThrow();
        double mean = Arrays.stream(all).map(each -> Math.exp(each - largest)).sum() / all.length;
        return -(largest + Math.log(mean)) / Math.log(2);
    }

    private double logProbability(double[] image, int neighbours) {
        int plane = height * width;
        double[][] counts = new double[1 << neighbours][2];
        double sum = 0;
        for (int i = 0; i < image.length; i++) {
            if (i % plane == 0) {
                Arrays.stream(counts).forEach(count -> Arrays.fill(count, 0.5));
            }
            int context = 0;
            for (int k = 0; k < neighbours; k++) {
                context = 2 * context + neighbour(image, i, NEIGHBOURS[k]);
            }
            int value = value(image, i);
            double[] seen = counts[context];
            sum += Math.log(seen[value] / (seen[0] + seen[1]));
            seen[value]++;
        }
        return sum;
    }

    private static int value(double[] image, int place) {
        return image[place] > 0.5 ? 1 : 0;
    }

    /** Beyond the edge is 0. */
    private int neighbour(double[] image, int place, int... offset) {
        int x = place % width + offset[0];
        int y = place / width % height + offset[1];
        return x < 0 || x >= width || y < 0 ? 0 : value(image, place + offset[1] * width + offset[0]);
    }
}
