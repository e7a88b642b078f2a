package org.likelihood4j.engine.plan;

import java.util.stream.IntStream;

/**
 * The sizes of a convolution {@code y[n, i, j, o] = sum of x[n, i s - t + a, j s' - l + b, c] w[a, b, c, o]} over the rows a and columns
 * b of the kernel and the channels c, where x is 0 outside of the image. Images are {@code [N H W, C]}, channels last, weights {@code
 * [kernel height x kernel width x in, out]}.
 *
 * @param images N
 * @param height of an image that is read
 * @param width of it
 * @param in its channels
 * @param outHeight of an image that is made
 * @param outWidth of it
 * @param out its channels
 * @param kernelHeight rows of the kernel
 * @param kernelWidth columns of the kernel
 * @param strideDown s: rows from a kernel's place to the next
 * @param strideAcross s': columns from a kernel's place to the next
 * @param top t: rows of zeros above an image
 * @param left l: columns of zeros before it
 */
public record ConvolutionShape(
        int images,
        int height,
        int width,
        int in,
        int outHeight,
        int outWidth,
        int out,
        int kernelHeight,
        int kernelWidth,
        int strideDown,
        int strideAcross,
        int top,
        int left) {
    public ConvolutionShape {
        int smallest = Math.min(
                Math.min(Math.min(images, in), Math.min(out, Math.min(height, width))),
                Math.min(
                        Math.min(outHeight, outWidth),
                        Math.min(Math.min(kernelHeight, kernelWidth), Math.min(strideDown, strideAcross))));
        if (smallest < 1 || top < 0 || left < 0) {
            throw new IllegalArgumentException(
                    "sizes of a convolution must be at least 1, and its padding at least 0, were " + images
                            + " images of "
                            + height + " x " + width + " x " + in + " -> " + outHeight + " x " + outWidth + " x " + out
                            + ", kernel " + kernelHeight + " x " + kernelWidth + ", strides " + strideDown + ", "
                            + strideAcross + ", padding " + top + ", " + left);
        }
    }

    /** What of a convolution is computed. */
    public enum Direction {
        /** y, from x and w. */
        FORWARD,
        /** The gradient with respect to x, from that with respect to y and w: also a transposed convolution of y. */
        DATA,
        /** The gradient with respect to w, from x and the gradient with respect to y. */
        WEIGHTS
    }

    /** Rows of zeros below an image; negative where its last rows are not read. */
    public int bottom() {
        return (outHeight - 1) * strideDown + kernelHeight - height - top;
    }

    /** Columns of zeros behind an image; negative where its last columns are not read. */
    public int right() {
        return (outWidth - 1) * strideAcross + kernelWidth - width - left;
    }

    /** Pixels of all images that are read. */
    public int rows() {
        return Math.multiplyExact(images, height * width);
    }

    /** Pixels of all images that are made. */
    public int outRows() {
        return Math.multiplyExact(images, outHeight * outWidth);
    }

    /** Numbers of x that make one of y: the rows of the weights. */
    public int taps() {
        return kernelHeight * kernelWidth * in;
    }

    /** Whether each pixel of y is made of the same pixel of x alone: a product with the weights. */
    public boolean isPointwise() {
        return kernelHeight == 1
                && kernelWidth == 1
                && strideDown == 1
                && strideAcross == 1
                && top == 0
                && left == 0
                && outHeight == height
                && outWidth == width;
    }

    /** Whether y is one pixel that is made of all of x: a product of whole images with the weights. */
    public boolean isWhole() {
        return kernelHeight == height
                && kernelWidth == width
                && top == 0
                && left == 0
                && outHeight == 1
                && outWidth == 1;
    }

    /** The same for another number of images. */
    public ConvolutionShape withImages(int number) {
        return new ConvolutionShape(
                number,
                height,
                width,
                in,
                outHeight,
                outWidth,
                out,
                kernelHeight,
                kernelWidth,
                strideDown,
                strideAcross,
                top,
                left);
    }

    /** Whether each row and each column of the kernel reads a pixel somewhere, and not only zeros. */
    public boolean readsAtEveryPlace() {
        return reads(kernelHeight, height, outHeight, strideDown, top)
                && reads(kernelWidth, width, outWidth, strideAcross, left);
    }

    private static boolean reads(int kernel, int size, int out, int stride, int before) {
        return IntStream.range(0, kernel)
                .allMatch(place -> IntStream.range(0, out)
                        .map(i -> i * stride - before + place)
                        .anyMatch(pixel -> pixel >= 0 && pixel < size));
    }

    /** Whether there is a {@link #mirrored}. */
    public boolean hasMirror() {
        return strideDown == 1 && strideAcross == 1 && top < kernelHeight && left < kernelWidth;
    }

    /**
     * The convolution that reads y and makes x, whose kernel is this one turned by half a circle with its channels exchanged. The
     * gradient of its weights is that of these, turned: both are sums of x times y at the same distances.
     */
    public ConvolutionShape mirrored() {
        return new ConvolutionShape(
                images,
                outHeight,
                outWidth,
                out,
                height,
                width,
                in,
                kernelHeight,
                kernelWidth,
                1,
                1,
                kernelHeight - 1 - top,
                kernelWidth - 1 - left);
    }
}
