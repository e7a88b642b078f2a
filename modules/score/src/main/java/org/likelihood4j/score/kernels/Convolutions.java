package org.likelihood4j.score.kernels;

import java.util.Arrays;

/** Convolutions of one image at a time: its patches side by side are a matrix, and the rest is a product. */
public final class Convolutions {
    private Convolutions() {}

    /**
     * y of x.
     *
     * @param weights {@code taps()} rows of {@code out()} numbers
     * @param patches room for {@code made() x taps()} numbers
     * @param sums room for {@code out()} numbers
     */
    public static void plain(
            ImageSizes sizes,
            double[] x,
            int atX,
            double[][] weights,
            double[] y,
            int atY,
            double[] patches,
            double[] sums) {
        gather(sizes, x, atX, patches);
        Products.multiply(patches, 0, sizes.taps(), weights, y, atY, sizes.made(), sizes.out(), sums);
    }

    /**
     * x of y: the transposed convolution, which is the gradient of the plain one.
     *
     * @param turned the weights as {@code out()} rows of {@code taps()} numbers
     * @param sums room for {@code taps()} numbers
     */
    public static void transposed(
            ImageSizes sizes,
            double[] y,
            int atY,
            double[][] turned,
            double[] x,
            int atX,
            double[] patches,
            double[] sums) {
        Products.multiply(y, atY, sizes.out(), turned, patches, 0, sizes.made(), sizes.taps(), sums);
        scatter(sizes, patches, x, atX);
    }

    private static void gather(ImageSizes s, double[] x, int atX, double[] patches) {
        Arrays.fill(patches, 0, s.made() * s.taps(), 0);
        int line = s.kernelWidth() * s.in();
        for (int i = 0; i < s.outHeight(); i++) {
            for (int j = 0; j < s.outWidth(); j++) {
                int patch = (i * s.outWidth() + j) * s.taps();
                int left = j * s.across() - s.left();
                int first = Math.max(0, -left);
                int end = Math.min(s.kernelWidth(), s.width() - left);
                for (int a = 0; a < s.kernelHeight(); a++) {
                    int row = i * s.down() - s.top() + a;
                    if (row >= 0 && row < s.height() && first < end) {
                        System.arraycopy(
                                x,
                                atX + (row * s.width() + left + first) * s.in(),
                                patches,
                                patch + a * line + first * s.in(),
                                (end - first) * s.in());
                    }
                }
            }
        }
    }

    private static void scatter(ImageSizes s, double[] patches, double[] x, int atX) {
        Arrays.fill(x, atX, atX + s.read(), 0);
        int line = s.kernelWidth() * s.in();
        for (int i = 0; i < s.outHeight(); i++) {
            for (int j = 0; j < s.outWidth(); j++) {
                int patch = (i * s.outWidth() + j) * s.taps();
                int left = j * s.across() - s.left();
                int first = Math.max(0, -left);
                int end = Math.min(s.kernelWidth(), s.width() - left);
                for (int a = 0; a < s.kernelHeight(); a++) {
                    int row = i * s.down() - s.top() + a;
                    if (row >= 0 && row < s.height()) {
                        int from = patch + a * line + first * s.in();
                        int to = atX + (row * s.width() + left + first) * s.in();
                        for (int c = 0; c < (end - first) * s.in(); c++) {
                            x[to + c] += patches[from + c];
                        }
                    }
                }
            }
        }
    }
}
