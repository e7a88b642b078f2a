package org.likelihood4j.engine.cpu;

import org.likelihood4j.engine.cpu.onednn.PreparedConvolution;
import org.likelihood4j.engine.plan.ConvolutionShape;
import org.likelihood4j.engine.plan.ConvolutionShape.Direction;
import org.likelihood4j.engine.plan.Layout.Narrowing;

/**
 * Which products are faster of bfloat16s, the conversion of what they read included: all but the smallest, where calls and conversions
 * take longer than what is multiplied.
 */
final class Bfloat16Products implements Narrowing {
    /** Instructions multiply 16 rows and columns, and sum over 32. */
    private static final int FEWEST = 16;

    /** Multiplications: 5 us in float32. */
    private static final long SMALLEST = 400_000;

    @Override
    public boolean ofProduct(int rows, int columns, int inner) {
        return Math.min(rows, Math.min(columns, inner)) >= FEWEST && (long) rows * columns * inner >= SMALLEST;
    }

    @Override
    public boolean ofConvolution(ConvolutionShape shape, Direction direction) {
        return (long) shape.outRows() * shape.out() * shape.taps() >= SMALLEST
                && isWritten(shape, direction)
                && PreparedConvolution.isFast(shape, direction, true);
    }

    /**
     * oneDNN 3.8's gradient of weights by bfloat16s leaves places of the kernel that read nothing but zeros as they were: those of a 2 x 2
     * kernel on images of one pixel.
     */
    private static boolean isWritten(ConvolutionShape shape, Direction direction) {
        return direction != Direction.WEIGHTS || shape.readsAtEveryPlace();
    }
}
