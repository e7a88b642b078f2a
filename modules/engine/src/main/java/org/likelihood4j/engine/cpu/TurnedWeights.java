package org.likelihood4j.engine.cpu;

import org.bytedeco.javacpp.FloatPointer;
import org.likelihood4j.engine.plan.ConvolutionShape;
import org.likelihood4j.engine.plan.ConvolutionShape.Direction;
import org.likelihood4j.engine.plan.Plan.Kernel;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The gradient of the weights of a convolution to few channels, by way of its {@link ConvolutionShape#mirrored mirror}, which is one from
 * few channels. oneDNN's code for the gradient is as fast as its vectors of output channels are full: from 24 to 2 channels at 28 x 28,
 * 64 images, takes 2.0 ms, from 2 to 24 takes 0.5.
 */
final class TurnedWeights implements AutoCloseable {
    /** Up to so many output channels it is faster wherever there are more input channels. */
    private static final int FEW = 8;

    private final ConvolutionShape shape;
    private final Memory out;
    private final int offset;
    private final INDArray room;
    private final Memory scratch;
    private final float[] from;
    private final float[] to;

    TurnedWeights(Kernel.Convolution convolution, Memory[] memories) {
        this.shape = convolution.shape();
        this.out = memories[convolution.out().buffer()];
        this.offset = convolution.out().offset();
        this.from = new float[shape.taps() * shape.out()];
        this.to = new float[from.length];
        this.room = Nd4j.createUninitializedDetached(DataType.FLOAT, from.length);
        this.scratch = Memory.of(room, 0);
    }

    /** Whether this is the faster way. */
    static boolean pay(Kernel.Convolution convolution) {
        ConvolutionShape shape = convolution.shape();
        return convolution.direction() == Direction.WEIGHTS
                && shape.hasMirror()
                && shape.out() <= FEW
                && shape.out() < shape.in();
    }

    /** Where the mirror's gradient is to be written. */
    FloatPointer place() {
        return scratch.at(0);
    }

    /** Writes the gradient itself: the last place of the kernel first, and its channels exchanged. */
    void turn() {
        scratch.read(0, from, 0, from.length);
        int places = shape.kernelHeight() * shape.kernelWidth();
        int at = 0;
        for (int place = places - 1; place >= 0; place--) {
            for (int in = 0; in < shape.in(); in++) {
                for (int o = 0; o < shape.out(); o++) {
                    to[at++] = from[(place * shape.out() + o) * shape.in() + in];
                }
            }
        }
        out.write(to, 0, offset, to.length);
    }

    @Override
    public void close() {
        room.close();
    }
}
