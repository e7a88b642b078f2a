package org.likelihood4j.engine.cpu;

import org.likelihood4j.engine.cpu.arithmetic.Memory;
import org.likelihood4j.engine.plan.Plan.Kernel;
import org.likelihood4j.engine.plan.Plan.Region;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;

/** A matrix product by ND4J, on its own threads. Slower than oneDNN's, and there on every platform that ND4J is. */
final class LibraryProduct {
    private final Mmul operation;

    LibraryProduct(Kernel.Product product, Memory[] memories) {
        int rows = product.rows();
        int columns = product.columns();
        int inner = product.inner();
        INDArray a = product.transposeA()
                ? matrix(memories, product.a(), inner, rows).transpose()
                : matrix(memories, product.a(), rows, inner);
        INDArray b = product.transposeB()
                ? matrix(memories, product.b(), columns, inner).transpose()
                : matrix(memories, product.b(), inner, columns);
        this.operation = new Mmul(a, b, matrix(memories, product.out(), rows, columns), null);
    }

    /** A view. */
    private static INDArray matrix(Memory[] memories, Region region, long rows, long columns) {
        Memory memory = memories[region.buffer()];
        return Nd4j.create(
                memory.flat().data(),
                new long[] {rows, columns},
                new long[] {region.rowStride(), 1},
                memory.first() + region.offset(),
                'c');
    }

    void run() {
        Nd4j.exec(operation);
    }
}
