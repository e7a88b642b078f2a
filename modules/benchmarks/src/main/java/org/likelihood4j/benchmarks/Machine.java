package org.likelihood4j.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.FloatPointer;
import org.likelihood4j.benchmarks.libtorch.Libtorch;
import org.likelihood4j.benchmarks.results.Peaks;
import org.likelihood4j.benchmarks.work.Contender;
import org.likelihood4j.benchmarks.work.Phase;
import org.likelihood4j.benchmarks.work.Reference;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The yardstick: a large matrix product by whichever library is fastest at it. Its best rate is what a step's products could cost
 * at the least, and its rate between the contenders' blocks tells how far the machine itself was disturbed.
 */
final class Machine implements Contender {
    private static final int SIZE = 1536;
    private static final int TRIES = 20;

    private final Peaks peaks;
    private final Runnable fastest;

    Machine(int threads, boolean torch) {
        Runnable nd4j = nd4j();
        Runnable oneDnn = oneDnn();
        Runnable libtorch = torch ? libtorch(threads) : null;
        this.peaks = new Peaks(best(nd4j), best(oneDnn), torch ? best(libtorch) : 0, torch ? Libtorch.build() : "");
        double best = peaks.best();
        this.fastest = best == peaks.oneDnn() ? oneDnn : best == peaks.nd4j() ? nd4j : libtorch;
    }

    private static Runnable nd4j() {
        INDArray a = Nd4j.ones(SIZE, SIZE);
        INDArray b = Nd4j.ones(SIZE, SIZE);
        INDArray c = Nd4j.createUninitialized(SIZE, SIZE);
        return () -> a.mmuli(b, c);
    }

    private static Runnable oneDnn() {
        FloatPointer a = new FloatPointer((long) SIZE * SIZE);
        FloatPointer b = new FloatPointer((long) SIZE * SIZE);
        FloatPointer c = new FloatPointer((long) SIZE * SIZE);
        a.fill(0);
        b.fill(0);
        return () -> dnnl.dnnl_sgemm((byte) 'N', (byte) 'N', SIZE, SIZE, SIZE, 1f, a, SIZE, b, SIZE, 0f, c, SIZE);
    }

    private static Runnable libtorch(int threads) {
        NDManager manager = NDManager.newBaseManager("PyTorch");
        JniUtils.setNumThreads(threads);
        NDArray a = manager.ones(new Shape(SIZE, SIZE));
        NDArray b = manager.ones(new Shape(SIZE, SIZE));
        return () -> a.matMul(b).close();
    }

    private static double best(Runnable product) {
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < TRIES; i++) {
            long start = System.nanoTime();
            product.run();
            best = Math.min(best, (double) (System.nanoTime() - start));
        }
        return gigaflops(best / 1e6);
    }

    /** The rate of a product that takes so long. */
    static double gigaflops(double milliseconds) {
        return 2.0 * SIZE * SIZE * SIZE / (milliseconds * 1e6);
    }

    /** As measured when this was made. */
    Peaks peaks() {
        return peaks;
    }

    @Override
    public String name() {
        return Seat.MACHINE;
    }

    @Override
    public void reset() {}

    @Override
    public void run(Phase phase, int steps) {
        for (int i = 0; i < steps; i++) {
            fastest.run();
        }
    }

    @Override
    public void requireAgreement(Reference reference) {
        throw new UnsupportedOperationException("a yardstick computes no loss");
    }

    /** It lives as long as its process. */
    @Override
    public void close() {}
}
