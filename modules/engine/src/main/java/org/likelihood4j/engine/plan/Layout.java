package org.likelihood4j.engine.plan;

import org.likelihood4j.engine.plan.ConvolutionShape.Direction;

/**
 * How a device wants matrices to stand in memory, in elements of float32: all that planning knows of a machine.
 *
 * @param alignment buffers begin at multiples of it, such as a cache line; 1 for anywhere
 * @param aliasing rows that a product reads must not be a multiple of it long, because they would all begin at the same
 *     place of a cache and push each other out: each is followed by a gap of {@code alignment}. 0 where that does not matter
 * @param keepsInputs whether inputs keep their places for themselves, so that what is there once stays for later runs
 */
public record Layout(int alignment, int aliasing, boolean keepsInputs) {
    public Layout {
        if (alignment < 1 || aliasing < 0) {
            throw new IllegalArgumentException(
                    "alignment must be at least 1 and aliasing at least 0, were " + alignment + " and " + aliasing);
        }
    }

    /**
     * Which products and convolutions of a plan multiply {@link Bfloat16}s: all that mixed precision asks of a device. Sums, and all that is
     * no product, are float32 in any case.
     */
    public interface Narrowing {
        /** None: float32 throughout. */
        Narrowing NONE = new Narrowing() {
            @Override
            public boolean ofProduct(int rows, int columns, int inner) {
                return false;
            }

            @Override
            public boolean ofConvolution(ConvolutionShape shape, Direction direction) {
                return false;
            }
        };

        /** Of a product with a result {@code [rows, columns]} of sums over {@code inner}. */
        boolean ofProduct(int rows, int columns, int inner);

        /** Of a convolution or one of its gradients. */
        boolean ofConvolution(ConvolutionShape shape, Direction direction);
    }

    /** Elements from a row to the next, where the rows of a matrix of this many columns may stand apart. */
    public int apart(int columns) {
        return aliasing > 0 && columns % aliasing == 0 ? columns + alignment : columns;
    }

    /** The next multiple of the alignment. */
    public long aligned(long length) {
        return (length + alignment - 1) / alignment * alignment;
    }
}
