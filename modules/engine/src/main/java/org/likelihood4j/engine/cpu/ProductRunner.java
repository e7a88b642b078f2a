package org.likelihood4j.engine.cpu;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.FloatPointer;
import org.likelihood4j.engine.plan.Plan.Kernel;
import org.likelihood4j.engine.plan.Plan.Region;

/** Runs a matrix product with oneDNN, whose generated code is the fastest for the narrow matrices of a batch. */
final class ProductRunner implements Runner {
    private final Kernel.Product product;
    private final FloatPointer a;
    private final FloatPointer b;
    private final FloatPointer out;
    private final byte transposeA;
    private final byte transposeB;

    ProductRunner(Kernel.Product product, Memory[] memories) {
        this.product = product;
        this.a = at(memories, product.a());
        this.b = at(memories, product.b());
        this.out = at(memories, product.out());
        this.transposeA = (byte) (product.transposeA() ? 'T' : 'N');
        this.transposeB = (byte) (product.transposeB() ? 'T' : 'N');
    }

    private static FloatPointer at(Memory[] memories, Region region) {
        return memories[region.buffer()].at(region.offset());
    }

    @Override
    public void run() {
        int status = dnnl.dnnl_sgemm(
                transposeA,
                transposeB,
                product.rows(),
                product.columns(),
                product.inner(),
                1f,
                a,
                product.a().rowStride(),
                b,
                product.b().rowStride(),
                0f,
                out,
                product.out().rowStride());
        if (status != dnnl.dnnl_success) {
            throw new IllegalStateException("oneDNN refuses the product " + product + ": status " + status);
        }
    }
}
