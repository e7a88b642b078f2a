package org.likelihood4j.score.kernels;

/**
 * The sizes of a convolution {@code y[i, j, o] = sum of x[i s - t + a, j s' - l + b, c] w[a, b, c, o]} of one image: rows and columns
 * of pixels with their channels last; x is 0 outside of the image.
 *
 * @param height of x
 * @param outHeight of y
 * @param down s, and across s'
 * @param top t, and left l
 */
public record ImageSizes(
        int height,
        int width,
        int in,
        int outHeight,
        int outWidth,
        int out,
        int kernelHeight,
        int kernelWidth,
        int down,
        int across,
        int top,
        int left) {
    /** Numbers of x that make a pixel of y. */
    public int taps() {
        return kernelHeight * kernelWidth * in;
    }

    /** Numbers of x. */
    public int read() {
        return height * width * in;
    }

    /** Pixels of y. */
    public int made() {
        return outHeight * outWidth;
    }
}
