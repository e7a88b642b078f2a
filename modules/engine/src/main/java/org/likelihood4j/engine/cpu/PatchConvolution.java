package org.likelihood4j.engine.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.likelihood4j.engine.cpu.arithmetic.Memory;
import org.likelihood4j.engine.plan.ConvolutionShape;
import org.likelihood4j.engine.plan.ConvolutionShape.Direction;
import org.likelihood4j.engine.plan.Plan.Kernel;
import org.likelihood4j.engine.plan.Plan.Region;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A convolution or one of its gradients as products, image by image: of its patches, which are the numbers of x that each pixel of y is
 * made of, {@code [pixels of y, taps]}, with the weights.
 */
final class PatchConvolution implements AutoCloseable {
    private final ConvolutionShape shape;
    private final Direction direction;
    private final Memory image;
    private final int imageOffset;
    private final Memory out;
    private final int outOffset;
    /** Null for none. */
    private final Memory bias;

    private final int biasOffset;
    private final boolean rectified;
    /** An image that is made, and its bias. */
    private final float[] made;

    private final float[] row;
    private final INDArray room;
    /** The patches of one image, and what its weights' gradient is. */
    private final Memory scratch;

    private final float[] patches;
    /** An image with zeros around it, as many as the kernel reads. */
    private final float[] padded;

    private final int paddedWidth;
    /** Of an image. */
    private final int rowLength;

    private final float[] sums;
    private final float[] term;
    /** For each image. */
    private final List<ProductRunner> products = new ArrayList<>();

    PatchConvolution(Kernel.Convolution convolution, Memory[] memories, Team team, boolean oneDnn) {
        this.shape = convolution.shape();
        this.direction = convolution.direction();
        Region x = direction == Direction.DATA ? convolution.out() : convolution.a();
        this.image = memories[x.buffer()];
        this.imageOffset = x.offset();
        this.out = memories[convolution.out().buffer()];
        this.outOffset = convolution.out().offset();
        this.bias =
                convolution.bias() == null ? null : memories[convolution.bias().buffer()];
        this.biasOffset = convolution.bias() == null ? 0 : convolution.bias().offset();
        this.rectified = convolution.rectified();
        int pixels = shape.outHeight() * shape.outWidth();
        this.made = new float[direction == Direction.FORWARD ? pixels * shape.out() : 0];
        this.row = new float[shape.out()];
        int size = pixels * shape.taps();
        int weights = direction == Direction.WEIGHTS ? shape.taps() * shape.out() : 0;
        this.room = Nd4j.createUninitializedDetached(DataType.FLOAT, (long) size + weights);
        this.scratch = Memory.of(room, 0);
        this.patches = new float[size];
        this.paddedWidth = shape.left() + shape.width() + Math.max(0, shape.right());
        int paddedHeight = shape.top() + shape.height() + Math.max(0, shape.bottom());
        this.padded = new float[paddedHeight * paddedWidth * shape.in()];
        this.rowLength = shape.width() * shape.in();
        this.sums = new float[weights];
        this.term = new float[weights];
        Memory[] all = Arrays.copyOf(memories, memories.length + 1);
        all[memories.length] = scratch;
        Region patch = new Region(memories.length, 0, shape.taps(), 1);
        for (int n = 0; n < shape.images(); n++) {
            Kernel.Product product = switch (direction) {
                case FORWARD ->
                    new Kernel.Product(
                            false,
                            false,
                            false,
                            pixels,
                            shape.out(),
                            shape.taps(),
                            patch,
                            convolution.b(),
                            made(convolution.out(), n));
                case DATA ->
                    new Kernel.Product(
                            false,
                            true,
                            false,
                            pixels,
                            shape.taps(),
                            shape.out(),
                            made(convolution.a(), n),
                            convolution.b(),
                            patch);
                case WEIGHTS ->
                    new Kernel.Product(
                            true,
                            false,
                            false,
                            shape.taps(),
                            shape.out(),
                            pixels,
                            patch,
                            made(convolution.b(), n),
                            new Region(memories.length, size, shape.out(), 1));
            };
            products.add(new ProductRunner(product, all, team, oneDnn));
        }
    }

    /** The pixels of one image of y. */
    private Region made(Region region, int image) {
        int size = shape.outHeight() * shape.outWidth() * shape.out();
        return new Region(region.buffer(), region.offset() + image * size, region.rowStride(), region.columnStride());
    }

    void run() {
        Arrays.fill(sums, 0);
        for (int n = 0; n < shape.images(); n++) {
            if (direction != Direction.DATA) {
                unfold(n);
                scratch.write(patches, 0, 0, patches.length);
            }
            products.get(n).run();
            if (direction == Direction.FORWARD && (bias != null || rectified)) {
                finish(n);
            } else if (direction == Direction.DATA) {
                scratch.read(0, patches, 0, patches.length);
                fold(n);
            } else if (direction == Direction.WEIGHTS) {
                scratch.read(patches.length, term, 0, term.length);
                for (int i = 0; i < sums.length; i++) {
                    sums[i] += term[i];
                }
            }
        }
        if (direction == Direction.WEIGHTS) {
            out.write(sums, 0, outOffset, sums.length);
        }
    }

    /** Adds the bias to one image that was made, and rectifies it. */
    private void finish(int n) {
        int from = outOffset + n * made.length;
        out.read(from, made, 0, made.length);
        if (bias != null) {
            bias.read(biasOffset, row, 0, row.length);
            for (int i = 0; i < made.length; i++) {
                made[i] += row[i % row.length];
            }
        }
        if (rectified) {
            for (int i = 0; i < made.length; i++) {
                made[i] = made[i] < 0 ? 0 : made[i];
            }
        }
        out.write(made, 0, from, made.length);
    }

    /** An image's patches. */
    private void unfold(int n) {
        for (int y = 0; y < shape.height(); y++) {
            image.read(place(n, y), padded, inside(y), rowLength);
        }
        int length = shape.kernelWidth() * shape.in();
        int to = 0;
        for (int y = 0; y < shape.outHeight(); y++) {
            for (int x = 0; x < shape.outWidth(); x++) {
                for (int k = 0; k < shape.kernelHeight(); k++) {
                    System.arraycopy(padded, corner(y, x, k), patches, to, length);
                    to += length;
                }
            }
        }
    }

    /** Adds up what the patches have of each number of an image. */
    private void fold(int n) {
        Arrays.fill(padded, 0);
        int length = shape.kernelWidth() * shape.in();
        int from = 0;
        for (int y = 0; y < shape.outHeight(); y++) {
            for (int x = 0; x < shape.outWidth(); x++) {
                for (int k = 0; k < shape.kernelHeight(); k++) {
                    int to = corner(y, x, k);
                    for (int i = 0; i < length; i++) {
                        padded[to + i] += patches[from + i];
                    }
                    from += length;
                }
            }
        }
        for (int y = 0; y < shape.height(); y++) {
            image.write(padded, inside(y), place(n, y), rowLength);
        }
    }

    /** Where a row of an image is in memory. */
    private int place(int n, int y) {
        return imageOffset + (n * shape.height() + y) * rowLength;
    }

    /** Where it is in the padded image. */
    private int inside(int y) {
        return ((shape.top() + y) * paddedWidth + shape.left()) * shape.in();
    }

    /** Where a row of a patch begins in the padded image. */
    private int corner(int y, int x, int row) {
        return ((y * shape.strideDown() + row) * paddedWidth + x * shape.strideAcross()) * shape.in();
    }

    @Override
    public void close() {
        products.forEach(ProductRunner::close);
        room.close();
    }
}
