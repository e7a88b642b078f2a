package org.likelihood4j.engine.cpu;

import org.bytedeco.javacpp.FloatPointer;
import org.likelihood4j.engine.cpu.arithmetic.Memory;
import org.likelihood4j.engine.plan.ConvolutionShape;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Memory for weights of a convolution's {@link ConvolutionShape#mirrored mirror}, which are its own with the last place of the kernel
 * first, and channels exchanged.
 */
final class TurnedWeights implements AutoCloseable {
    private final Memory source;
    private final int sourceOffset;
    private final Memory target;
    private final int targetOffset;
    private final int places;
    /** Channels of the source: those that are summed over, and those that are made. */
    private final int in;

    private final int out;
    private final INDArray room;
    private final Memory scratch;
    private final float[] from;
    private final float[] to;

    private TurnedWeights(ConvolutionShape sourceShape, Memory stored, int offset, boolean back) {
        this.places = sourceShape.kernelHeight() * sourceShape.kernelWidth();
        this.in = sourceShape.in();
        this.out = sourceShape.out();
        this.from = new float[places * in * out];
        this.to = new float[from.length];
        this.room = Nd4j.createUninitializedDetached(DataType.FLOAT, from.length);
        this.scratch = Memory.of(room, 0);
        this.source = back ? scratch : stored;
        this.sourceOffset = back ? 0 : offset;
        this.target = back ? stored : scratch;
        this.targetOffset = back ? offset : 0;
    }

    /** The mirror's weights, from a convolution's, which are stored. */
    static TurnedWeights of(ConvolutionShape shape, Memory stored, int offset) {
        return new TurnedWeights(shape, stored, offset, false);
    }

    /** A convolution's weights, to be stored, from its mirror's. */
    static TurnedWeights back(ConvolutionShape shape, Memory stored, int offset) {
        return new TurnedWeights(shape.mirrored(), stored, offset, true);
    }

    /** Where the mirror's are. */
    FloatPointer place() {
        return scratch.floatAt(0);
    }

    /** Turns them. */
    void turn() {
        source.read(sourceOffset, from, 0, from.length);
        int at = 0;
        for (int place = places - 1; place >= 0; place--) {
            for (int o = 0; o < out; o++) {
                for (int i = 0; i < in; i++) {
                    to[at++] = from[(place * in + i) * out + o];
                }
            }
        }
        target.write(to, 0, targetOffset, to.length);
    }

    @Override
    public void close() {
        room.close();
    }
}
