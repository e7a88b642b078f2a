package org.likelihood4j.engine.plan;

import org.likelihood4j.engine.plan.ConvolutionShape.Direction;

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
