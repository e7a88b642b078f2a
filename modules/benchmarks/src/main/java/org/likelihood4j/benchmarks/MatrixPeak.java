package org.likelihood4j.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The best rate of a large float32 matrix product: what a step's products could cost at the least. */
final class MatrixPeak {
    private static final int SIZE = 1536;
    private static final int TRIES = 30;

    private MatrixPeak() {}

    /** GFLOP/s of ND4J. */
    static double nd4j() {
        try (INDArray a = Nd4j.ones(SIZE, SIZE);
                INDArray b = Nd4j.ones(SIZE, SIZE);
                INDArray c = Nd4j.createUninitialized(SIZE, SIZE)) {
            return best(() -> a.mmuli(b, c));
        }
    }

    /** GFLOP/s of oneDNN, which our engine multiplies with. */
    static double oneDnn() {
        try (FloatPointer a = new FloatPointer((long) SIZE * SIZE);
                FloatPointer b = new FloatPointer((long) SIZE * SIZE);
                FloatPointer c = new FloatPointer((long) SIZE * SIZE)) {
            a.fill(0);
            b.fill(0);
            return best(
                    () -> dnnl.dnnl_sgemm((byte) 'N', (byte) 'N', SIZE, SIZE, SIZE, 1f, a, SIZE, b, SIZE, 0f, c, SIZE));
        }
    }

    /** GFLOP/s of libtorch. */
    static double libtorch(int threads) {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            JniUtils.setNumThreads(threads);
            NDArray a = manager.ones(new Shape(SIZE, SIZE));
            NDArray b = manager.ones(new Shape(SIZE, SIZE));
            return best(() -> a.matMul(b).close());
        }
    }

    private static double best(Runnable product) {
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < TRIES; i++) {
            long start = System.nanoTime();
            product.run();
            best = Math.min(best, (double) (System.nanoTime() - start));
        }
        return 2.0 * SIZE * SIZE * SIZE / best;
    }
}
