package org.likelihood4j.engine.cuda;

import org.likelihood4j.engine.plan.ConvolutionShape;
import org.likelihood4j.engine.plan.ConvolutionShape.Direction;
import org.likelihood4j.engine.plan.Layout.Narrowing;

/**
 * What a card multiplies as bfloat16s: products that fill a tile of its tensor cores, and convolutions of as many channels, which are our
 * own kernels and only read half as much. That it is faster is expected, and has not been measured.
 */
record TensorCores() implements Narrowing {
    /** Rows, columns and terms of a tile. */
    private static final int TILE = 16;

    @Override
    public boolean ofProduct(int rows, int columns, int inner) {
        return Math.min(rows, Math.min(columns, inner)) >= TILE;
    }

    @Override
    public boolean ofConvolution(ConvolutionShape shape, Direction direction) {
        return Math.min(shape.in(), shape.out()) >= TILE;
    }
}
