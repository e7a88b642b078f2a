package org.likelihood4j.engine.cpu;

import java.util.Arrays;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.FloatPointer;
import org.likelihood4j.engine.cpu.arithmetic.Memory;
import org.likelihood4j.engine.plan.ConvolutionShape;
import org.likelihood4j.engine.plan.ConvolutionShape.Direction;
import org.likelihood4j.engine.plan.Plan.Kernel;
import org.likelihood4j.engine.plan.Plan.Region;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A convolution that makes few channels of many, where an image is as large as the one that is read, times the strides: a product makes
 * for each place of the kernel what each pixel that is read adds to the pixel there, and these planes are added up, each shifted by its
 * place.
 *
 * <pre>
 * planes [places x few, pixels] = w [places x few, many] y'    x[stride pixel + place] = sum over places of planes[place][pixel]
 * </pre>
 *
 * <p>With strides, each remainder of x's rows and columns by them is a plane of its own, which some of the places add to.
 *
 * <p>oneDNN's direct code fills its vectors with the channels that it makes, and takes as long for 2 as for 16: from 24 to 2 channels at
 * 28 x 28, 64 images, 2.1 ms; from 32 channels at 14 x 14 to one at 28 x 28, 100 images, 3.8 ms.
 */
final class FoldedConvolution implements Runner {
    private static final int FEW = 4;
    private static final int MANY = 16;

    /** Whose gradient with respect to x this is. */
    private final ConvolutionShape shape;

    private final Team team;
    private final TurnedWeights turned;
    private final FloatPointer weights;
    private final Memory bias;
    private final int biasOffset;
    private final boolean rectified;
    private final Part[] parts;
    private final Team.Task task = this::runPart;

    FoldedConvolution(Kernel.Convolution convolution, Memory[] memories, Team team) {
        this.team = team;
        boolean forward = convolution.direction() == Direction.FORWARD;
        this.shape = forward ? convolution.shape().mirrored() : convolution.shape();
        Region stored = convolution.b();
        this.turned =
                forward ? TurnedWeights.of(convolution.shape(), memories[stored.buffer()], stored.offset()) : null;
        this.weights = forward ? turned.place() : memories[stored.buffer()].floatAt(stored.offset());
        this.bias =
                convolution.bias() == null ? null : memories[convolution.bias().buffer()];
        this.biasOffset = convolution.bias() == null ? 0 : convolution.bias().offset();
        this.rectified = convolution.rectified();
        this.parts = new Part[Math.min(team.size(), shape.images())];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = new Part(i, convolution, memories);
        }
    }

    /** Whether this is the faster way. */
    static boolean pays(Kernel.Convolution convolution) {
        ConvolutionShape shape = convolution.shape();
        boolean fits = shape.height() == shape.outHeight() * shape.strideDown()
                && shape.width() == shape.outWidth() * shape.strideAcross();
        return fits
                && !convolution.narrow()
                && switch (convolution.direction()) {
                    case FORWARD -> shape.hasMirror() && shape.out() <= FEW && shape.in() >= MANY;
                    case DATA -> shape.in() <= FEW && shape.out() >= MANY;
                    case WEIGHTS -> false;
                };
    }

    @Override
    public void run() {
        if (turned != null) {
            turned.turn();
        }
        int threads = Native.computeWithOneThread();
        try {
            team.run(task, parts.length);
        } finally {
            Native.computeWith(threads);
        }
    }

    private void runPart(int part) {
        parts[part].run();
    }

    @Override
    public void close() {
        if (turned != null) {
            turned.close();
        }
        for (Part part : parts) {
            part.room.close();
        }
    }

    /** Some of the images, with memory of its own. */
    private final class Part {
        private final int firstImage;
        private final FloatPointer[] read;
        private final Memory out;
        private final int offset;
        /** That are read, of an image. */
        private final int pixels = shape.outHeight() * shape.outWidth();

        private final int planes = shape.taps();
        private final INDArray room = Nd4j.createUninitializedDetached(DataType.FLOAT, (long) planes * pixels);
        private final Memory scratch = Memory.of(room, 0);
        private final float[] plane = new float[planes * pixels];
        private final float[] sum = new float[pixels];
        private final float[] made = new float[shape.height() * shape.width() * shape.in()];
        private final float[] row = new float[shape.in()];

        Part(int number, Kernel.Convolution convolution, Memory[] memories) {
            firstImage = first(number);
            read = new FloatPointer[first(number + 1) - firstImage];
            Region y = convolution.a();
            for (int i = 0; i < read.length; i++) {
                read[i] = memories[y.buffer()].floatAt(y.offset() + (firstImage + i) * pixels * shape.out());
            }
            out = memories[convolution.out().buffer()];
            offset = convolution.out().offset();
        }

        private int first(int number) {
            return (int) ((long) shape.images() * number / parts.length);
        }

        void run() {
            if (bias != null) {
                bias.read(biasOffset, row, 0, row.length);
            }
            for (int i = 0; i < read.length; i++) {
                multiply(read[i]);
                scratch.read(0, plane, 0, plane.length);
                for (int channel = 0; channel < shape.in(); channel++) {
                    for (int below = 0; below < shape.strideDown(); below++) {
                        for (int behind = 0; behind < shape.strideAcross(); behind++) {
                            add(channel, below, behind);
                            write(channel, below, behind);
                        }
                    }
                }
                out.write(made, 0, offset + (firstImage + i) * made.length, made.length);
            }
        }

        private void multiply(FloatPointer y) {
            int status = dnnl.dnnl_sgemm(
                    (byte) 'N',
                    (byte) 'T',
                    planes,
                    pixels,
                    shape.out(),
                    1f,
                    weights,
                    shape.out(),
                    y,
                    shape.out(),
                    0f,
                    scratch.floatAt(0),
                    pixels);
            if (status != dnnl.dnnl_success) {
                throw new IllegalStateException("oneDNN refuses the product of " + shape + ": status " + status);
            }
        }

        /** Adds up a channel's planes of the places with these remainders. */
        private void add(int channel, int below, int behind) {
            Arrays.fill(sum, 0);
            int strideDown = shape.strideDown();
            int strideAcross = shape.strideAcross();
            for (int i = (below + shape.top()) % strideDown; i < shape.kernelHeight(); i += strideDown) {
                int down = Math.floorDiv(i - shape.top(), strideDown);
                for (int j = (behind + shape.left()) % strideAcross; j < shape.kernelWidth(); j += strideAcross) {
                    int from = ((i * shape.kernelWidth() + j) * shape.in() + channel) * pixels;
                    int right = Math.floorDiv(j - shape.left(), strideAcross);
                    clearEdge(from, right);
                    int shift = down * shape.outWidth() + right;
                    int begin = Math.max(0, -shift);
                    int end = Math.min(pixels, pixels - shift);
                    add(plane, from + begin, sum, begin + shift, end - begin);
                }
            }
        }

        /** What would fall beyond the end of its row would come to the next one. */
        private void clearEdge(int from, int right) {
            int width = shape.outWidth();
            int begin = right > 0 ? Math.max(0, width - right) : 0;
            int end = right > 0 ? width : Math.min(width, -right);
            for (int y = 0; y < shape.outHeight(); y++) {
                for (int x = begin; x < end; x++) {
                    plane[from + y * width + x] = 0;
                }
            }
        }

        private static void add(float[] a, int from, float[] sum, int to, int n) {
            for (int i = 0; i < n; i++) {
                sum[to + i] += a[from + i];
            }
        }

        /** Among the other channels, rows and columns. */
        private void write(int channel, int below, int behind) {
            float least = rectified ? 0 : Float.NEGATIVE_INFINITY;
            int step = shape.strideAcross() * shape.in();
            for (int y = 0; y < shape.outHeight(); y++) {
                int to = ((y * shape.strideDown() + below) * shape.width() + behind) * shape.in() + channel;
                write(sum, y * shape.outWidth(), row[channel], least, made, to, step, shape.outWidth());
            }
        }

        private static void write(
                float[] sum, int from, float bias, float least, float[] made, int to, int step, int n) {
            for (int i = 0; i < n; i++) {
                made[to + i * step] = Math.max(sum[from + i] + bias, least);
            }
        }
    }
}
